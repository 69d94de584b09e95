import { type Action, isUnsupported } from "../../../chatops/service.ts";
import { standInOf } from "../chatops/stand-ins.ts";
import type { OpsCase, OpsComeback } from "./ops-cases.ts";
import { OpsWatch } from "./ops-watch.ts";
import { codeIn, OpsWorld } from "./ops-world.ts";
import type { Fault } from "./ports.ts";
import type { Played } from "./scenario.ts";

export interface OpsScenario {
  readonly of: OpsCase;
  readonly comeback: OpsComeback;
  readonly fault?: Fault | undefined;
  /** In the first run after that. */
  readonly second?: Fault | undefined;
}

/** Longer than a lease lasts. */
const LEASE_MILLISECONDS = 61_000;

/** Lambda retries an asynchronous event after one minute, and after two more. */
const RETRIES_MILLISECONDS = [60_000, 120_000];

export async function playOps({ of, comeback, fault, second }: OpsScenario): Promise<Played> {
  const world = await OpsWorld.start(standInOf(of.service.key));
  const code = await settle(world, of);
  const watch = new OpsWatch(world, of.action, code);
  const calls = of.run === "scheduled" ? await schedule(watch, fault) : await act(watch, { of, fault });
  await comeBack(watch, { of, comeback, second });
  if (second) await complete(watch);
  watch.end();
  return { calls, wrong: watch.wrong };
}

/** Rotates once where an action is about credentials, and freezes what is to be unfrozen. Gives the code, if there is one. */
async function settle(world: OpsWorld, { service, action, run }: OpsCase): Promise<string | undefined> {
  const isFrozenOnly = action === "freeze" || action === "unfreeze";
  if (!isUnsupported(service.actions.rotate) && !isFrozenOnly) await world.say("anna", "rotate");
  const askFor = async (what: Action) => codeIn(JSON.stringify((await world.say("anna", what)).answer));
  if (action === "unfreeze") await world.say("ben", `confirm ${await askFor("freeze")}`);
  return run === "confirmed" ? askFor(action) : undefined;
}

async function act(watch: OpsWatch, { of, fault }: Pick<OpsScenario, "of" | "fault">): Promise<readonly string[]> {
  const { calls } = await (of.run === "confirmed"
    ? watch.say("ben", `confirm ${watch.code}`, fault)
    : watch.say("anna", of.action, fault));
  return calls;
}

async function schedule(watch: OpsWatch, fault: Fault | undefined): Promise<readonly string[]> {
  const first = await watch.rotateBySchedule(fault);
  let { isDone } = first;
  for (const pause of RETRIES_MILLISECONDS) {
    if (isDone) break;
    watch.world.pass(pause);
    ({ isDone } = await watch.rotateBySchedule());
  }
  if (!isDone) watch.wrong.push("the schedule's rotation failed three times");
  return first.calls;
}

async function comeBack(watch: OpsWatch, { of, comeback, second }: OpsScenario): Promise<void> {
  switch (comeback) {
    case "repeats":
      return complete(watch, second);
    case "has it confirmed":
      return confirm(watch, second);
    case "asks for status and repeats":
      await watch.say("anna", "status");
      return of.run === "confirmed" ? confirm(watch, second) : complete(watch, second);
    case "revokes":
      watch.follow("revoke");
      return complete(watch, second);
    case "is retried by Lambda":
      if (second) await watch.rotateBySchedule(second);
  }
}

/** Confirms what waits, or asks for it once more where nothing does. */
async function confirm(watch: OpsWatch, fault?: Fault): Promise<void> {
  const { code } = watch;
  if (code === undefined) return complete(watch, fault);
  const reply = await patiently(watch, () => watch.say("ben", `confirm ${code}`, fault));
  if (reply === "done") await watch.confirmAgain(code);
  else if (fault === undefined) await complete(watch);
}

/** Does what the action is about, from the command on. Nothing goes wrong any more, so it must succeed. */
async function complete(watch: OpsWatch, fault?: Fault): Promise<void> {
  let kind = await patiently(watch, () => watch.say("anna", watch.action, fault));
  const { code } = watch;
  if (kind === "asked" && code !== undefined) {
    kind = await patiently(watch, () => watch.say("ben", `confirm ${code}`));
    if (kind === "done") await watch.confirmAgain(code);
  }
  if (kind !== "done" && fault === undefined) watch.wrong.push(`the repeat is not acknowledged: ${watch.said}`);
}

/** Repeats a command that is refused because another one runs, once a lease has ended. */
async function patiently(watch: OpsWatch, say: () => Promise<unknown>): Promise<string> {
  await say();
  if (!watch.isBusy) return watch.kind;
  watch.world.pass(LEASE_MILLISECONDS);
  await say();
  return watch.kind;
}
