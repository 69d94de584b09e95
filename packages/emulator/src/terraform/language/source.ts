import { sep } from "node:path";

/** A file that was read, or a folder in which files were looked for. It does not have to exist. */
export interface Source {
  /** Absolute. */
  readonly path: string;
  /** For a folder: whether a file in it counts, by its path in the folder with `/` as the separator. */
  readonly includes?: (name: string) => boolean;
  /** For a folder: whether files of folders in it count, too; default: false. */
  readonly isDeep?: boolean;
}

/** Called before a source is read. */
export type OnRead = (source: Source) => void;

/** Whether a change of a file or folder can change a source. A folder changes all files in it if it is moved or deleted. */
export function isAffected({ path: source, includes, isDeep = false }: Source, path: string): boolean {
  if (path === source || source.startsWith(path + sep)) return true;
  if (!(includes && path.startsWith(source + sep))) return false;
  const name = path
    .slice(source.length + 1)
    .split(sep)
    .join("/");
  return (isDeep || !name.includes("/")) && includes(name);
}
