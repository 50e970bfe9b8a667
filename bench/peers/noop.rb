require 'sidekiq'

# It would print a warning for each call.
Redis.sadd_returns_boolean = false if Redis.respond_to?(:sadd_returns_boolean=)

class Noop
  include Sidekiq::Worker
  sidekiq_options retry: false
  def perform(payload); end
end
