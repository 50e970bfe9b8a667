# Pushes so many jobs of 64 bytes, a thousand a call, and puts them where nobody takes them yet.
require_relative 'noop'

count = Integer(ARGV[0])
payload = ['x' * 64]
start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
(count / 1000).times { Sidekiq::Client.push_bulk('class' => Noop, 'queue' => 'hold', 'args' => [payload] * 1000) }
puts "sidekiq-push #{(count / (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start)).round}"
Sidekiq.redis { |redis| redis.rename('queue:hold', 'hold') }
