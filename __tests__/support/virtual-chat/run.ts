import { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Entries } from "../faults/world.ts";
import { type Random, seededRandom } from "../random.ts";
import { VirtualClient } from "./client.ts";
import { VirtualGateway } from "./gateway.ts";
import { CUTS } from "./line.ts";
import { VirtualNetwork } from "./network.ts";

export interface Scenario {
  readonly seed: number;
  /** Of each client. */
  readonly messages: number;
  /** Who the users are: their names come from tokens, are chosen with `name`, or are given to guests. */
  readonly users: "authenticated" | "named" | "guests";
  /** How many of 1,000 invocations of functions have a call that goes wrong. */
  readonly faultsPerMille: number;
}

export interface Outcome {
  readonly clients: readonly VirtualClient[];
  readonly gateway: VirtualGateway;
}

interface Ongoing extends Outcome, Scenario {
  readonly clock: VirtualClock;
  readonly random: Random;
}

const NAMES = ["anna", "ben", "carl"];
/** Joined while the others already send there. */
const ROOMS = ["dev", "night", "ops", "qa"];
export const CHANNELS = ["lobby", ...ROOMS];

const HALT_MILLISECONDS_MAX = 30_000;
const RESTART_MILLISECONDS_MAX = 20_000;
/** Longer than Lambda retries the worker. */
const FAILING_PUSHES_MILLISECONDS_MAX = 10 * 60_000;
const PAUSE_MILLISECONDS_MAX = 3_000;
const LONG_PAUSE_MILLISECONDS_MAX = 20 * 60_000;
const MILLISECONDS_BETWEEN_FAULTS = 20_000;
/** Longer than the interval in which a session reads the history again, and than the retries of Lambda. */
const QUIET_MILLISECONDS = 20 * 60_000;
/** Longer than a function takes that does not fail, so that no message is late. */
const SETTLE_MILLISECONDS = 2_000;

/** Runs a generated scenario in virtual time: three clients send and join, the network and the functions break, then heal. */
export async function run(entries: Entries, scenario: Scenario): Promise<Outcome> {
  const { seed, users, faultsPerMille } = scenario;
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const isAuthenticated = users === "authenticated";
  const gateway = new VirtualGateway({ clock, random, entries, isAuthenticated, faultsPerMille });
  const clients = NAMES.map((user) => {
    const network = new VirtualNetwork({ clock, random, gateway, user, isDuplicating: isAuthenticated });
    const name = users === "named" ? user : undefined;
    return new VirtualClient({ clock, random, network, name, channels: ["lobby"], settle: SETTLE_MILLISECONDS });
  });
  const ongoing = { ...scenario, clock, random, gateway, clients };
  const playing = play(ongoing);
  await clock.run();
  await playing;
  return ongoing;
}

async function play(ongoing: Ongoing): Promise<void> {
  const { clients, clock, gateway } = ongoing;
  let isOver = false;
  void disturb(ongoing, () => isOver);
  await Promise.all(clients.map((client) => use(ongoing, client)));
  isOver = true;
  gateway.heal();
  await clock.pause(QUIET_MILLISECONDS);
  // A token may have expired a moment ago.
  for (let waits = 0; waits < 60 && !clients.every(({ isOnline }) => isOnline); waits += 1) await clock.pause(1_000);
  await Promise.all(clients.map(({ session }) => session.close()));
}

/** What one application does: it sends to the channels that it is in, and joins one room after the other. */
async function use({ clock, random, messages, ...ongoing }: Ongoing, client: VirtualClient): Promise<void> {
  const rooms = [...ROOMS];
  for (let count = 0; count < messages; count += 1) {
    await clock.pause(
      random.below(random.below(messages) === 0 ? LONG_PAUSE_MILLISECONDS_MAX : PAUSE_MILLISECONDS_MAX),
    );
    const joined = CHANNELS.filter((channel) => client.network.joinedAt.has(channel));
    void client.send(random.pick(["lobby", ...joined]), `${client.user} ${count}`);
    const room = random.below(10) === 0 ? rooms.shift() : undefined;
    if (room === undefined) continue;
    void client.join(room);
    // A join is the moment at which most can go wrong.
    clock.after(random.below(1_000), () => breakSomething({ ...ongoing, clock, random, messages }, client));
  }
}

async function disturb(ongoing: Ongoing, isOver: () => boolean): Promise<void> {
  const { clock, random, clients } = ongoing;
  for (;;) {
    await clock.pause(random.below(2 * MILLISECONDS_BETWEEN_FAULTS));
    if (isOver()) return;
    breakSomething(ongoing, random.pick(clients));
  }
}

function breakSomething({ random, gateway, users, faultsPerMille }: Ongoing, { network, user }: VirtualClient): void {
  const kind = random.below(20);
  if (kind === 0) gateway.restart(random.below(RESTART_MILLISECONDS_MAX));
  else if (kind === 1 && faultsPerMille > 0) gateway.failPushesTo(user, random.below(FAILING_PUSHES_MILLISECONDS_MAX));
  // A frame of a guest that arrives after the guest has reconnected is stored twice, as docs/protocol.md says.
  else if (kind < 6) network.haltFor(random.below(users === "authenticated" ? HALT_MILLISECONDS_MAX : 20_000));
  else network.cut(random.pick(CUTS));
}
