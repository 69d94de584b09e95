import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { services } from "../../chatops/services.ts";
import { routes } from "../../handlers/routes.ts";

/** The new text of a file. Paths are relative to the folder in which npm runs scripts: the root of the project. */
export interface Change {
  readonly path: string;
  readonly text: string;
}

/** A file that must not exist yet. */
export function create(path: string, text: string): Change {
  if (existsSync(path)) throw new Error(`${path} already exists. Choose another name, or delete the file first.`);
  return { path, text };
}

/** The text of `templates/NAME.txt`, with the forms of a name in the place of `{{key}}`, `{{value}}` and `{{type}}`. */
export function fromTemplate(template: string, names: Names): string {
  const text = readFileSync(new URL(`./templates/${template}.txt`, import.meta.url), "utf8");
  return text.replaceAll(/\{\{(key|value|type)\}\}/g, (_, form: keyof Names) => names[form]);
}

/** What is added to an existing file. */
export interface Insertion {
  /** Matches the text after which the addition goes. */
  readonly after: RegExp;
  readonly text: string;
}

/** Adds text to a file. Every place must exist, so a file that was restructured is not damaged. */
export function insert(path: string, insertions: readonly Insertion[]): Change {
  return { path, text: insertions.reduce((text, insertion) => inserted(text, insertion), readFileSync(path, "utf8")) };
}

export function inserted(text: string, { after, text: addition }: Insertion): string {
  const match = after.exec(text);
  if (!match) throw new Error(`No text matches ${after}, so there is no place for this line: ${addition.trim()}`);
  const end = match.index + match[0].length;
  return text.slice(0, end) + addition + text.slice(end);
}

export function writeChanges(changes: readonly Change[]): void {
  for (const { path, text } of changes) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

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
