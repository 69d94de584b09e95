import { type Action, isUnsupported } from "../../../chatops/service.ts";
import { standInOf } from "../chatops/stand-ins.ts";
import type { OpsCase, OpsNextAction } from "./ops-cases.ts";
import { OpsWatch } from "./ops-watch.ts";
import { codeIn, OpsWorld } from "./ops-world.ts";
import type { Fault } from "./ports.ts";
import type { Played } from "./scenario.ts";

export interface OpsScenario {
  readonly of: OpsCase;
  readonly nextAction: OpsNextAction;
  readonly fault?: Fault | undefined;
  /** In the next run. */
  readonly second?: Fault | undefined;
}

/** Longer than a lease lasts. */
const LEASE_MILLISECONDS = 61_000;

/** Lambda retries an asynchronous event after one minute, and after two more. */
const RETRIES_MILLISECONDS = [60_000, 120_000];

export async function playOps({ of, nextAction, fault, second }: OpsScenario): Promise<Played> {
  const world = await OpsWorld.start(standInOf(of.service.key));
  const code = await prepare(world, of);
  const watch = new OpsWatch(world, of.action, code);
  const calls = of.run === "scheduled" ? await schedule(watch, fault) : await act(watch, { of, fault });
  await actNext(watch, { of, nextAction, second });
  if (second) await complete(watch);
  watch.end();
  return { calls, wrong: watch.wrong };
}

/** Rotates before an action on credentials, and freezes before `unfreeze`. Returns the confirmation code, if there is one. */
async function prepare(world: OpsWorld, { service, action, run }: OpsCase): Promise<string | undefined> {
  const isFrozenOnly = action === "freeze" || action === "unfreeze";
  if (!isUnsupported(service.actions.rotate) && !isFrozenOnly) await world.send("anna", "rotate");
  const requestCode = async (what: Action) => codeIn(JSON.stringify((await world.send("anna", what)).answer));
  if (action === "unfreeze") await world.send("ben", `confirm ${await requestCode("freeze")}`);
  return run === "confirmed" ? requestCode(action) : undefined;
}

async function act(watch: OpsWatch, { of, fault }: Pick<OpsScenario, "of" | "fault">): Promise<readonly string[]> {
  const { calls } = await (of.run === "confirmed"
    ? watch.send("ben", `confirm ${watch.code}`, fault)
    : watch.send("anna", of.action, fault));
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
  if (!isDone) watch.wrong.push("the scheduled rotation failed three times");
  return first.calls;
}

async function actNext(watch: OpsWatch, { of, nextAction, second }: OpsScenario): Promise<void> {
  switch (nextAction) {
    case "repeats":
      return complete(watch, second);
    case "gets it confirmed":
      return confirm(watch, second);
    case "requests the status and repeats":
      await watch.send("anna", "status");
      return of.run === "confirmed" ? confirm(watch, second) : complete(watch, second);
    case "revokes":
      watch.changeAction("revoke");
      return complete(watch, second);
    case "is retried by Lambda":
      if (second) await watch.rotateBySchedule(second);
  }
}

/** Confirms the pending action, or repeats the command if there is none. */
async function confirm(watch: OpsWatch, fault?: Fault): Promise<void> {
  const { code } = watch;
  if (code === undefined) return complete(watch, fault);
  const reply = await retryIfBusy(watch, () => watch.send("ben", `confirm ${code}`, fault));
  if (reply === "done") await watch.confirmAgain(code);
  else if (fault === undefined) await complete(watch);
}

/** Repeats the action from the command on. Without another fault, it must succeed. */
async function complete(watch: OpsWatch, fault?: Fault): Promise<void> {
  let kind = await retryIfBusy(watch, () => watch.send("anna", watch.action, fault));
  const { code } = watch;
  if (kind === "asked" && code !== undefined) {
    kind = await retryIfBusy(watch, () => watch.send("ben", `confirm ${code}`));
    if (kind === "done") await watch.confirmAgain(code);
  }
  if (kind !== "done" && fault === undefined) watch.wrong.push(`the repeat is not acknowledged: ${watch.said}`);
}

/** Sends a command, and repeats it after the end of the lease if the answer is `busy`. */
async function retryIfBusy(watch: OpsWatch, send: () => Promise<unknown>): Promise<string> {
  await send();
  if (!watch.isBusy) return watch.kind;
  watch.world.pass(LEASE_MILLISECONDS);
  await send();
  return watch.kind;
}
