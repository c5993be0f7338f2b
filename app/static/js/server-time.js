// The server's time, measured: of several round trips the shortest says most. Carried on by a clock that nobody sets.
let best = null; // {trip, offset}: server's milliseconds minus performance.now()

export function learn(serverTime, sentAt, receivedAt) {
  const trip = receivedAt - sentAt;
  if (!best || trip <= best.trip || receivedAt - best.at > 120000) {
    best = { trip, at: receivedAt, offset: Date.parse(serverTime) + trip / 2 - receivedAt };
  }
  return trip;
}

export const serverNow = () => (best ? best.offset + performance.now() : Date.now());

export const clockOffset = () => (best ? Date.now() - serverNow() : 0);
