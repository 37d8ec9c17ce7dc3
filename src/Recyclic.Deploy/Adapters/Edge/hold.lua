-- Lets what comes for a service wait while that is handed over from one release to the other, and then go where the share says.
-- The map is changed by the agent alone. It has, under a service's name, the end of its hold (milliseconds since 1970), under the
-- name with '/patience' the longest that one request or connection waits (milliseconds), and under '/share' the share with which
-- the wait is over; none: it is over when the map says so.
local held = Map.new("/var/lib/recyclic/hold.map", Map._str)
local shares = Map.new("/var/lib/recyclic/share.map", Map._str)

local function milliseconds()
  local now = core.now()
  return now.sec * 1000 + now.usec // 1000
end

core.register_action("hold", { "tcp-req", "http-req" }, function(txn, service)
  local begun = milliseconds()
  local patience = tonumber(held:lookup(service .. "/patience")) or 0
  while true do
    local now = milliseconds()
    if now >= (tonumber(held:lookup(service)) or 0) or now - begun >= patience then break end
    if held:lookup("/share") == shares:lookup("share") then break end
    core.msleep(50)
  end
  txn:set_var("txn.held", milliseconds() - begun)
end, 1)
