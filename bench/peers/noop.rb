require 'sidekiq'

class Noop
  include Sidekiq::Worker
  sidekiq_options retry: false
  def perform(payload); end
end
