import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isAbsolute, sep } from "node:path";

/** The positions of path arguments, by the names of functions without `Sync`. */
const PATHS: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(
    [
      ...["access", "appendFile", "chmod", "chown", "createReadStream", "createWriteStream", "exists", "lchmod"],
      ...["lchown", "lstat", "lutimes", "mkdir", "mkdtemp", "open", "openAsBlob", "opendir", "readFile", "readdir"],
      ...["readlink", "realpath", "rm", "rmdir", "stat", "statfs", "truncate", "unlink", "unwatchFile", "utimes"],
      ...["watch", "watchFile", "writeFile"],
    ].map((name) => [name, [0]]),
  ),
  ...{ copyFile: [0, 1], cp: [0, 1], link: [0, 1], rename: [0, 1] },
  // The target of a symbolic link is relative to the link.
  symlink: [1],
};

type Call = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Gives the thread of a function its own working directory, as `/var/task` in Lambda. All threads share that of the
 * process, so relative paths are resolved before Node.js sees them.
 */
export function setWorkingDirectory(directory: string): void {
  let current = directory;

  const resolved = (path: unknown): unknown => {
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) return `${current}${sep}${path}`;
    // A buffer is a path whose name is perhaps not UTF-8.
    if (Buffer.isBuffer(path) && path.length > 0 && !isAbsolute(path.toString("latin1"))) {
      return Buffer.concat([Buffer.from(`${current}${sep}`), path]);
    }
    return path;
  };

  const withPaths = (call: Call, positions: readonly number[]): Call => {
    const wrapped: Call = function (...args) {
      return call.apply(
        this,
        args.map((argument, index) => (positions.includes(index) ? resolved(argument) : argument)),
      );
    };
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(call));
    // realpath has a variant as a property.
    const { native } = call as { native?: Call };
    return native ? Object.assign(wrapped, { native: withPaths(native, positions) }) : wrapped;
  };

  const wrapAll = (module: object): void => {
    const functions = module as Record<string, Call | undefined>;
    for (const [name, positions] of Object.entries(PATHS)) {
      for (const variant of [name, `${name}Sync`]) {
        const call = functions[variant];
        if (call) functions[variant] = withPaths(call, positions);
      }
    }
  };

  const inDirectory = (call: Call): Call =>
    function (...args) {
      const index = args.findIndex((each) => typeof each === "object" && each !== null && !Array.isArray(each));
      const options = args[index] as { readonly cwd?: unknown } | undefined;
      args.splice(index < 0 ? args.length : index, 1, { ...options, cwd: resolved(options?.cwd ?? current) });
      return call.apply(this, args);
    };

  const wrapSpawns = (module: object, names: readonly string[]): void => {
    const functions = module as Record<string, Call>;
    for (const name of names) functions[name] = inDirectory(functions[name] as Call);
  };

  wrapAll(fs);
  wrapAll(fs.promises);
  // The other functions for child processes call this method.
  wrapSpawns(childProcess.ChildProcess.prototype, ["spawn"]);
  wrapSpawns(childProcess, ["spawnSync", "execSync", "execFileSync"]);
  process.cwd = () => current;
  // Node.js does not support it in threads. Lambda runs a function in a separate process.
  process.chdir = (path) => {
    const target = fs.realpathSync(path);
    fs.opendirSync(target).closeSync();
    current = target;
  };
  syncBuiltinESMExports();
}
