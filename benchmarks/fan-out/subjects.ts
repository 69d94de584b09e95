import { join } from "node:path";
import { bundle, bundleWithDefaults } from "../harness/bundle.ts";
import type { Invocation } from "./lambda-host.ts";
import { CHAT_TABLE, channelOf, idsOf, senderOf, textbookTable } from "./seed.ts";

/**
 * An implementation of a message to all members of a channel: the functions of the chat, the code of the public samples
 * (textbook), or unsigned posts without a table (floor), which no implementation with this HTTP client can undercut.
 */
export interface Subject {
  readonly name: "chat" | "textbook" | "floor";
  /** Sends a message to the audience of this size. */
  readonly sendMessage: (size: number) => Invocation;
  /** Continues with an event that a function has left to another one. */
  readonly resume: (event: unknown) => Invocation;
}

const TEXT = "hello, everybody";

export interface BundledSubjects {
  /** The bundle of lambda-host.ts, which runs the others. */
  readonly host: string;
  readonly subjects: readonly Subject[];
}

export async function bundleSubjects(directory: string): Promise<BundledSubjects> {
  const [sendMessage, fanOut] = await bundle(
    { folder: "handlers", entries: ["send-message", "fan-out"] },
    join(directory, "chat"),
  );
  const [textbook] = await bundleWithDefaults(
    { folder: "benchmarks/fan-out/textbook", entries: ["send-message"] },
    directory,
  );
  const [floor] = await bundle({ folder: "benchmarks/fan-out", entries: ["floor"] }, directory);
  const [host] = await bundle({ folder: "benchmarks/fan-out", entries: ["lambda-host"] }, directory);
  const subjects: readonly Subject[] = [
    {
      name: "chat",
      sendMessage: (size) => ({ bundle: sendMessage, event: eventOf(size), tableName: CHAT_TABLE }),
      resume: (event) => ({ bundle: fanOut, event, tableName: CHAT_TABLE }),
    },
    {
      name: "textbook",
      sendMessage: (size) => ({ bundle: textbook, event: eventOf(size), tableName: textbookTable(size) }),
      resume: hasOneFunction,
    },
    {
      name: "floor",
      sendMessage: (size) => ({ bundle: floor, event: postsTo(size), tableName: "" }),
      resume: hasOneFunction,
    },
  ];
  return { host, subjects };
}

const postsTo = (size: number): object => ({ connectionIds: idsOf(size).map(encodeURIComponent), body: TEXT });

export const eventOf = (size: number): object => ({
  requestContext: {
    routeKey: "sendmessage",
    requestId: "AAAAAAAAAAAAAAA=",
    connectionId: senderOf(size),
    connectedAt: Date.now(),
  },
  body: JSON.stringify({ message: "sendmessage", channel: channelOf(size), data: TEXT }),
});

const hasOneFunction = (): never => {
  throw new Error("A function invoked another one, but only the chat has more than one.");
};
