import { services } from "../../chatops/services.ts";
import { routes } from "../../handlers/routes.ts";

/** The forms of a name, such as `say-hello`. */
export interface Names {
  readonly key: string;
  /** `sayHello` */
  readonly value: string;
  /** `SayHello` */
  readonly type: string;
}

const PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Words that JavaScript does not allow as the name of a constant in a module. */
const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** Throws if the name is invalid, or if a route or a service has it. Both are selected by the frame's `message`. */
export function namesOf(key: string): Names {
  if (!PATTERN.test(key)) {
    throw new Error(
      `The name is "${key}". Use lowercase letters, digits and single hyphens, starting with a letter, such as greet.`,
    );
  }
  if (RESERVED.test(key)) throw new Error(`"${key}" is a reserved word of JavaScript. Choose another name.`);
  if ([...routes, ...services].some((one) => one.key === key)) {
    throw new Error(`A route or service named "${key}" already exists. Choose another name.`);
  }
  const value = key.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return { key, value, type: value.charAt(0).toUpperCase() + value.slice(1) };
}
