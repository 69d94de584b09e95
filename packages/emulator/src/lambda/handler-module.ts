import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./function-error.ts";

export type Callback = (fault?: unknown, result?: unknown) => void;
export type UserHandler = (event: unknown, context: object, callback?: Callback) => unknown;

/**
 * Whether the runtime supports handlers with a callback, as up to nodejs22.x. Evaluated before the function's code can
 * change the variable. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export const HAS_CALLBACKS = !(Number(/nodejs(\d+)\.x$/.exec(process.env.AWS_EXECUTION_ENV ?? "")?.[1]) >= 24);

/** https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/function/callback-deprecation.ts */
const CALLBACKS_REMOVED =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

/**
 * Loads the handler `FOLDER/FILE.EXPORT` in the same way, and with the same errors, as Lambda's Node.js runtime.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<UserHandler> {
  if (handler.includes("..")) {
    const hint = "Use absolute paths when specifying root directories in handler names.";
    throw new RuntimeError("MalformedHandlerName", `'${handler}' is not a valid handler name. ${hint}`);
  }
  const [, file, exportPath] = /^([^.]*)\.(.*)$/.exec(basename(handler)) ?? [];
  if (file === undefined || exportPath === undefined) throw new RuntimeError("MalformedHandlerName", "Bad handler");
  const module = await loadModule(join(taskRoot, handler.slice(0, -basename(handler).length), file));
  const found = exportPath.split(".").reduce((nested: unknown, key) => nested && (nested as Exports)[key], module);
  if (!found) throw new RuntimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw new RuntimeError("HandlerNotFound", `${handler} is not a function`);
  if (!HAS_CALLBACKS && found.length >= 3) throw new RuntimeError("CallbackHandlerDeprecated", CALLBACKS_REMOVED);
  return found as UserHandler;
}

type Exports = Readonly<Record<string, unknown>>;

async function loadModule(path: string): Promise<unknown> {
  try {
    return await importOrRequire(path);
  } catch (fault) {
    if (fault instanceof SyntaxError) throw new RuntimeError("UserCodeSyntaxError", fault);
    if ((fault as NodeJS.ErrnoException | null)?.code !== "MODULE_NOT_FOUND") throw fault;
    throw new RuntimeError("ImportModuleError", fault);
  }
}

/**
 * Trap: `import` of a CommonJS module provides only the exports that Node.js detects by static analysis. `require`
 * provides all.
 */
async function importOrRequire(path: string): Promise<unknown> {
  const require = createRequire(path);
  const isInModules = isInModulePackage(dirname(path));
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    if (!existsSync(path + extension)) continue;
    const isEsModule = extension === ".mjs" || (extension === ".js" && isInModules);
    const loaded: unknown = isEsModule ? await import(pathToFileURL(path + extension).href) : require(path + extension);
    if (loaded) return loaded;
  }
  return require(basename(path));
}

/** Whether the nearest `package.json` contains `"type": "module"`. */
function isInModulePackage(folder: string): boolean {
  const path = join(folder, "package.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"))?.type === "module";
  const parent = resolve(folder, "..");
  return basename(folder) !== "node_modules" && parent !== folder && isInModulePackage(parent);
}
