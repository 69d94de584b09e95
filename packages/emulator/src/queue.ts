import { randomUUID } from "node:crypto";
import type { QueueConfig } from "./terraform/asynchronous.ts";

/** A message of SQS, with the fields that functions set. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An SQS queue in memory. It keeps its messages and emits each one. */
export class Queue {
  readonly arn: string;
  readonly name: string;
  readonly messages: QueueMessage[] = [];
  readonly #tell: (queue: string, message: QueueMessage) => void;

  constructor({ name, arn }: QueueConfig, tell: (queue: string, message: QueueMessage) => void) {
    this.name = name;
    this.arn = arn;
    this.#tell = tell;
  }

  send(body: string, attributes: Readonly<Record<string, string>> = {}): void {
    const message = { messageId: randomUUID(), body, attributes };
    this.messages.push(message);
    this.#tell(this.name, message);
  }
}
