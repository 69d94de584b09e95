import { ACTIONS, type Action, isAbsent, type Service } from "./service.ts";

/** What somebody asks for in a frame's `data`. */
export type Command =
  | { readonly ask: Action }
  | { readonly confirm: string }
  /** Why it is neither: a sentence for who asked. */
  | { readonly refusal: string };

const CONFIRMATION = /^confirm ([a-z0-9]{1,16})$/;

/** Reads `rotate`, or `confirm k3v9zt`. What a service cannot do is refused by name. */
export function commandOf(service: Service, data: string): Command {
  const code = CONFIRMATION.exec(data)?.[1];
  if (code !== undefined) return { confirm: code };
  const action = ACTIONS.find((word) => word === data);
  if (action === undefined) {
    const words = actionsOf(service).join(", ");
    return { refusal: `That is no action of ${service.title}. There are: ${words}, and confirm with a code.` };
  }
  const wanted = service.actions[action];
  if (isAbsent(wanted)) return { refusal: `${service.title} cannot ${action}. ${wanted.absent}.` };
  return { ask: action };
}

/** What the service's API can do. */
export const actionsOf = ({ actions }: Service): Action[] => ACTIONS.filter((action) => !isAbsent(actions[action]));
