import type { Scheduler } from "fast-check";
import type { Chat } from "../chat.ts";

type Call = (...given: never[]) => unknown;

/** The same ports, with results that arrive when the scheduler decides, so that concurrent calls interleave. */
export function interleaved(scheduler: Scheduler, chat: Chat): Chat {
  const wait = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);
  const slow = <Port extends object>(name: string, port: Port): Port =>
    Object.fromEntries(
      Object.entries<Call>(port as Record<string, Call>).map(([verb, call]) => [
        verb,
        async (...given: never[]) => {
          const answer = await call(...given);
          await wait(`${name}.${verb} ${given.filter((each) => typeof each === "string").join(" ")}`);
          return answer;
        },
      ]),
    ) as Port;
  const { pages } = chat.members;
  return {
    ...chat,
    connections: slow("connections", chat.connections),
    members: {
      ...slow("members", chat.members),
      async *pages(...given) {
        for await (const page of pages(...given)) {
          await wait(`members.pages ${given[0].channel}`);
          yield page;
        }
      },
    },
    channels: slow("channels", chat.channels),
    invitations: slow("invitations", chat.invitations),
    mutes: slow("mutes", chat.mutes),
    bans: slow("bans", chat.bans),
    messages: slow("messages", chat.messages),
    repeats: slow("repeats", chat.repeats),
    conversations: slow("conversations", chat.conversations),
    knownUsers: slow("knownUsers", chat.knownUsers),
    readMarkers: slow("readMarkers", chat.readMarkers),
    reactions: slow("reactions", chat.reactions),
    names: slow("names", chat.names),
    looks: slow("looks", chat.looks),
    users: slow("users", chat.users),
    handshakes: slow("handshakes", chat.handshakes),
    lastingChannels: slow("lastingChannels", chat.lastingChannels),
    push: async (id, frame) => {
      const outcome = await chat.push(id, frame);
      await wait(`push ${id}`);
      return outcome;
    },
  };
}
