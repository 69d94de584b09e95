import { perform, type Reply } from "./perform.ts";
import type { Ports } from "./ports.ts";
import { checkConfirmation, isOperator, type Person, permissionRefusal, type Rules } from "./rules.ts";
import { ACTIONS, type Action, isUnsupported, type Service, supportedActions } from "./service.ts";

/** A user's request to a service. */
export interface Request {
  readonly service: Service;
  readonly person: Person;
  /** The frame's `data`: an action, or a confirmation. */
  readonly data: string;
  /** When the request must be finished, in epoch milliseconds. */
  readonly deadline: number;
}

type AuditedReply = Reply & { readonly action?: Action };

/** Performs the requested action, or stores it until a second user confirms it, or refuses it with a reason. */
export async function handleRequest(ports: Ports, request: Request): Promise<Reply> {
  const { rules } = ports;
  if (!isOperator(rules, request.person)) return { outcome: "refused", said: nonOperatorRefusal(rules) };
  const command = parseCommand(request.service, request.data);
  if ("refusal" in command) return audit(ports, request, { outcome: "refused", said: command.refusal });
  return "code" in command ? confirm(ports, request, command.code) : start(ports, request, command.action);
}

/** Not in the audit trail, which never expires: any user can send such requests without limit. The log records them. */
function nonOperatorRefusal({ groups }: Rules): string {
  const names = [...new Set(Object.values(groups))].join(", ");
  return `Chat-ops requires one of these groups: ${names}. Ask an administrator of your sign-in provider to add you to one, then reconnect.`;
}

async function start(ports: Ports, request: Request, action: Action): Promise<Reply> {
  const { service, person, deadline } = request;
  const refusal = permissionRefusal(ports.rules, person, action);
  if (refusal !== undefined) return audit(ports, request, { outcome: "refused", action, said: refusal });
  if (ports.rules.confirmed.includes(action)) return requestConfirmation(ports, request, action);
  return perform(ports, { service, action, by: { user: person.user }, deadline });
}

async function requestConfirmation(ports: Ports, request: Request, action: Action): Promise<Reply> {
  const { rules, confirmations, announce, newCode, now } = ports;
  const { service, person } = request;
  const until = now() + rules.confirmationSeconds * 1000;
  const code = newCode();
  await confirmations.put({ code, service: service.key, action, by: person.user, until });
  const frame = JSON.stringify({ message: service.key, data: `confirm ${code}` });
  const said = `Another member of the group ${rules.groups[action]} must confirm this by ${new Date(until).toISOString()}. To confirm, send: ${frame}`;
  const reply = await audit(ports, request, { outcome: "asked", action, said });
  await announce(`${person.user} requested ${service.key} ${action}. ${said}`);
  return reply;
}

async function confirm(ports: Ports, request: Request, code: string): Promise<Reply> {
  const { service, person, deadline } = request;
  const pending = await ports.confirmations.get(code);
  const check = checkConfirmation(ports.rules, pending, { service: service.key, person, now: ports.now() });
  if ("refusal" in check) return audit(ports, request, { outcome: "refused", said: check.refusal });
  const { action, by } = check.confirmed;
  const takeCode = () => ports.confirmations.take(check.confirmed);
  return perform(ports, { service, action, by: { user: by }, confirmedBy: person.user, takeCode, deadline });
}

/** Adds a reply to the audit trail. Only for replies that involve no call to the service: `perform` records its own. */
async function audit(ports: Ports, { service, person }: Request, reply: AuditedReply): Promise<Reply> {
  await ports.trail.add({ at: ports.now(), service: service.key, by: { user: person.user }, ...reply });
  return reply;
}

type Command = { readonly action: Action } | { readonly code: string } | { readonly refusal: string };

const CONFIRMATION = /^confirm ([a-z0-9]{1,16})$/;

/** Parses `rotate` or `confirm k3v9zt`. The refusal does not repeat the input, which can contain a pasted credential. */
function parseCommand(service: Service, data: string): Command {
  const code = CONFIRMATION.exec(data)?.[1];
  if (code !== undefined) return { code };
  const action = ACTIONS.find((word) => word === data);
  if (action === undefined) {
    const actions = supportedActions(service).join(", ");
    return { refusal: `Unknown action for ${service.title}. Use one of: ${actions}, or "confirm" and a code.` };
  }
  const requested = service.actions[action];
  if (isUnsupported(requested)) {
    return { refusal: `${service.title} does not support ${action}. ${requested.unsupported}.` };
  }
  return { action };
}
