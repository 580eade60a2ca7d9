// The page of a server.
export function startLive() {}
