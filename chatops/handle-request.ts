import { commandOf } from "./command.ts";
import { perform, type Reply } from "./perform.ts";
import type { Ports } from "./ports.ts";
import { confirmable, isOperator, type Person, type Rules, refusalOf } from "./rules.ts";
import type { Action, Service } from "./service.ts";

/** What somebody says to a service: a frame's `data`. */
export interface Request {
  readonly service: Service;
  readonly person: Person;
  readonly data: string;
  /** When all must be over, in epoch milliseconds. */
  readonly deadline: number;
}

type Noted = Reply & { readonly action?: Action };

/** Performs what a user requests, or waits for a second person, or refuses with a reason. */
export async function hear(ports: Ports, request: Request): Promise<Reply> {
  const { rules } = ports;
  if (!isOperator(rules, request.person)) return { outcome: "refused", said: refusalOfStranger(rules) };
  const command = commandOf(request.service, request.data);
  if ("refusal" in command) return note(ports, request, { outcome: "refused", said: command.refusal });
  return "confirm" in command ? confirm(ports, request, command.confirm) : ask(ports, request, command.ask);
}

/** Not in the trail, whose lines never expire: any user can send this, as often as they like. The log has it. */
function refusalOfStranger({ groups }: Rules): string {
  const names = [...new Set(Object.values(groups))].join(", ");
  return `This requires one of the groups ${names}. Ask whoever manages groups at your sign-in to add you, then connect again.`;
}

async function ask(ports: Ports, request: Request, action: Action): Promise<Reply> {
  const { service, person, deadline } = request;
  const refusal = refusalOf(ports.rules, person, action);
  if (refusal !== undefined) return note(ports, request, { outcome: "refused", action, said: refusal });
  if (ports.rules.confirmed.includes(action)) return postpone(ports, request, action);
  return perform(ports, { service, action, by: { user: person.user }, deadline });
}

async function postpone(ports: Ports, request: Request, action: Action): Promise<Reply> {
  const { rules, confirmations, announce, newCode, now } = ports;
  const { service, person } = request;
  const until = now() + rules.confirmationSeconds * 1000;
  const code = newCode();
  await confirmations.put({ code, service: service.key, action, by: person.user, until });
  const frame = JSON.stringify({ message: service.key, data: `confirm ${code}` });
  const said = `Until ${new Date(until).toISOString()}, somebody else of the group ${rules.groups[action]} may confirm it: ${frame}`;
  const reply = await note(ports, request, { outcome: "asked", action, said });
  await announce(`${service.key} ${action} is asked for by ${person.user}. ${said}`);
  return reply;
}

async function confirm(ports: Ports, request: Request, code: string): Promise<Reply> {
  const { service, person, deadline } = request;
  const unconfirmed = await ports.confirmations.get(code);
  const found = confirmable(ports.rules, unconfirmed, { service: service.key, person, now: ports.now() });
  if ("refusal" in found) return note(ports, request, { outcome: "refused", said: found.refusal });
  const { action, by } = found.confirmable;
  const takeCode = () => ports.confirmations.take(found.confirmable);
  return perform(ports, { service, action, by: { user: by }, confirmedBy: person.user, takeCode, deadline });
}

/** Writes down what came of it without anything being done at the service. */
async function note(ports: Ports, { service, person }: Request, reply: Noted): Promise<Reply> {
  await ports.trail.add({ at: ports.now(), service: service.key, by: { user: person.user }, ...reply });
  return reply;
}
