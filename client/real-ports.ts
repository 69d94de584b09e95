import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import type { Ports } from "./ports.ts";

/** Node, and `ws`: Node 20 has no WebSocket of its own, and later ones do not say why a handshake failed. */
export const realPorts: Ports = {
  WebSocket,
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  random: Math.random,
  newId: randomUUID,
};
