import { randomUUID } from "node:crypto";
import type { QueueConfig } from "./terraform/functions.ts";

/** An SQS message, with the fields that the sender sets. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An SQS queue in memory. It keeps all messages, and passes each one to a listener. */
export class Queue {
  readonly arn: string;
  readonly name: string;
  readonly messages: QueueMessage[] = [];
  readonly #onMessage: (queue: string, message: QueueMessage) => void;

  constructor({ name, arn }: QueueConfig, onMessage: (queue: string, message: QueueMessage) => void) {
    this.name = name;
    this.arn = arn;
    this.#onMessage = onMessage;
  }

  send(body: string, attributes: Readonly<Record<string, string>> = {}): void {
    const message = { messageId: randomUUID(), body, attributes };
    this.messages.push(message);
    this.#onMessage(this.name, message);
  }
}
