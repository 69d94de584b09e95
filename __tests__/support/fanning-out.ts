import { LOBBY } from "../../chat/channel.ts";
import type { Recipient } from "../../chat/connection.ts";
import { type FanOutPorts, fanOut } from "../../chat/fan-out/fan-out.ts";
import { messageFrame } from "../../chat/message.ts";
import { aMessage } from "./builders.ts";
import type { Chat } from "./chat.ts";

/** What is said to the whole lobby. */
export const frame = messageFrame(aMessage({ data: "hi" }));
export const say = (ports: FanOutPorts, deadline = Number.POSITIVE_INFINITY) =>
  fanOut(ports, { channel: LOBBY, frame, deadline });

export const enterMany = (chat: Chat, count: number) => Promise.all(Array.from({ length: count }, () => chat.enter()));

/** As a task names somebody. */
export const recipientOf = ({ id, connectedAt, protocol }: Recipient) => ({ id, connectedAt, protocol });

/** A push that API Gateway fails. */
export const failing = async () => ({ failed: "500" });
