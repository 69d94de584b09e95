import type { Connect } from "./client-connection.ts";
import { ReferenceModel } from "./reference-model.ts";
import type { Size, Step } from "./steps.ts";
import { channelAt, StormUser } from "./storm-user.ts";

/** Concurrent users of a chat, and the reference model of what they sent and received. */
export class Storm {
  readonly model = new ReferenceModel();
  readonly channels: readonly string[];
  readonly #users: readonly StormUser[];
  readonly #auditor: StormUser;

  constructor({ users, channels }: Size, connect: Connect) {
    const { model } = this;
    this.channels = Array.from({ length: channels + 1 }, (_, index) => channelAt(index));
    this.#users = Array.from({ length: users }, (_, user) => {
      return new StormUser(`p${user}`, { protocol: user % 3 === 2 ? "plain" : "chat.v1", model, connect });
    });
    this.#auditor = new StormUser("auditor", { protocol: "chat.v1", model, connect });
  }

  /** Performs all steps. Resolves when no request is pending. */
  async run(steps: readonly Step[]): Promise<void> {
    await Promise.all(this.#users.map((user, index) => user.play(steps.filter(({ user }) => user === index))));
    await this.#whenAllIdle();
  }

  async disconnectAll(): Promise<void> {
    for (const user of this.#users) user.end("close");
    await this.#whenAllIdle();
  }

  /** Sends a message to every channel, so that gone connections are found, and reads every history. */
  async audit(): Promise<void> {
    for (const channel of this.channels) {
      await this.#auditor.move(channel, "join");
      await this.#auditor.send(channel);
      await this.#auditor.readHistory(channel);
      await this.#auditor.move(channel, "leave");
    }
    this.#auditor.end("close");
    await this.#auditor.whenIdle();
  }

  async #whenAllIdle(): Promise<void> {
    await Promise.all(this.#users.map((user) => user.whenIdle()));
  }
}

/** Fails with all sentences. An assertion would truncate them. */
export function expectNone(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new Error(sentences.join("\n"));
}
