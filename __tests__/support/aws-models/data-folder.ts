import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { delimiter, join } from "node:path";

const PRINT_FOLDER = "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";

const HELP =
  "Install moto, which brings it (pipx install 'moto[server]'), or set BOTOCORE_DATA to the folder botocore/data.";

let found: string | undefined;

/** The folder of botocore's service models. `BOTOCORE_DATA` names it. Otherwise it is read from the Python that runs `moto_server`. */
export function botocoreData(env: NodeJS.ProcessEnv = process.env): string {
  if (env.BOTOCORE_DATA !== undefined) return checked(env.BOTOCORE_DATA, "BOTOCORE_DATA");
  found ??= checked(folderByPython(env), "The Python of moto_server");
  return found;
}

function checked(folder: string, source: string): string {
  if (existsSync(join(folder, "lambda"))) return folder;
  throw new Error(`${source} names "${folder}", which has no service model of Lambda. ${HELP}`);
}

function folderByPython(env: NodeJS.ProcessEnv): string {
  const pythons = [...pythonsOfMoto(env), "python3", "python"];
  for (const python of pythons) {
    const folder = printed(python, ["-c", PRINT_FOLDER]);
    if (folder) return folder;
  }
  throw new Error(`botocore's service models were not found: none of ${pythons.join(", ")} imports botocore. ${HELP}`);
}

/** A pip or pipx script names its Python in the first lines; a shim of pyenv names bash, and `pyenv which` prints the script. */
function pythonsOfMoto({ PATH = "" }: NodeJS.ProcessEnv): string[] {
  const onPath = PATH.split(delimiter).map((folder) => join(folder, "moto_server"));
  const scripts = [printed("pyenv", ["which", "moto_server"]), ...onPath.filter((script) => existsSync(script))];
  return scripts
    .filter((script) => script !== "")
    .flatMap((script) => /(?:^#!|'exec' "?)(\S*python[\d.]*)/m.exec(head(script))?.[1] ?? []);
}

function head(file: string): string {
  const bytes = Buffer.alloc(512);
  const descriptor = openSync(file, "r");
  try {
    return bytes.toString("utf8", 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** What a command prints, or nothing where it fails. */
function printed(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
