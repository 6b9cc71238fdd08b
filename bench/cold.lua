-- Every request asks for an address that nobody asked for before: nothing is kept of it.
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end
function init(args)
  asked, run = 0, args[1]
end
function request()
  asked = asked + 1
  return wrk.format("GET", wrk.path .. "?lan=" .. run .. "-" .. number .. "-" .. asked)
end
