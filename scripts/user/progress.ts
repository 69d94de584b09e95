import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { Key } from "../../aws/table/keys.ts";

/** What a run does. A run is resumed only with the same job. */
export interface Job {
  readonly command: string;
  readonly user: string;
  readonly table: string;
  /** The region, or the endpoint of `npm start`. */
  readonly place: string;
}

/** The last key of a segment that was read, or whether its scan has not begun or has ended. */
export type Position = Key | "start" | "end";

/** The number of items by role. */
export type Counts = Readonly<Record<string, number>>;

interface Saved {
  readonly job: Job;
  readonly positions: readonly Position[];
  readonly counts: Counts;
  /** The length of the output. */
  readonly bytes: number;
  readonly wasBanned: boolean;
  /** When the second pass of an erasure started, in epoch milliseconds. */
  readonly secondPassAt?: number;
}

export interface ProgressOptions {
  readonly file: string;
  readonly job: Job;
  /** Continues an interrupted run, with its number of segments. */
  readonly resume: boolean;
  readonly segments: number;
  /** The file of an export. */
  readonly output?: string;
  /** Of an erasure: whether the user is banned when it starts or resumes. */
  readonly isBanned?: boolean;
}

/** Only the user who runs the command can read the files: keys contain names of users. */
const PRIVATE = { mode: 0o600 };

/**
 * The progress of a scan, in a file. It is saved at the start and after each page, so an interrupted run repeats at most one
 * page of each segment. The output is cut to the length that was saved last, so it has no item twice.
 */
export class Progress {
  readonly #options: ProgressOptions;
  #saved: Saved;

  /** Throws if there is nothing to resume, or if an interrupted run exists and is not resumed. */
  constructor(options: ProgressOptions) {
    const { file, job, resume, segments, output, isBanned = false } = options;
    this.#options = options;
    if (!resume) refuseExisting(file, output);
    this.#saved = resume
      ? readSaved(file, job)
      : { job, positions: Array.from({ length: segments }, () => "start"), counts: {}, bytes: 0, wasBanned: true };
    if (output !== undefined && resume) cut(output, this.#saved.bytes, file);
    if (output !== undefined && !resume) writeFileSync(output, "", { ...PRIVATE, flag: "wx" });
    this.#save({ wasBanned: this.wasBanned && isBanned });
  }

  /** Whether the user was banned each time that the run started or resumed. */
  get wasBanned(): boolean {
    return this.#saved.wasBanned;
  }

  get secondPassAt(): number | undefined {
    return this.#saved.secondPassAt;
  }

  get positions(): readonly Position[] {
    return this.#saved.positions;
  }

  get counts(): Counts {
    return this.#saved.counts;
  }

  /** Appends text to the output and saves the position, without a pause in which another segment could do the same. */
  commit(segment: number, position: Position, page: { readonly counts: Counts; readonly text?: string }): void {
    const { positions, counts, bytes } = this.#saved;
    const added = this.#append(page.text);
    this.#save({
      positions: positions.with(segment, position),
      counts: sumOf(counts, page.counts),
      bytes: bytes + added,
    });
  }

  /** Starts at the beginning of the table again. */
  beginSecondPass(at: number): void {
    this.#save({ positions: this.positions.map(() => "start"), secondPassAt: at });
  }

  /** Appends the last text to the output, and deletes the file of the progress. */
  end(text?: string): void {
    this.#append(text);
    rmSync(this.#options.file, { force: true });
  }

  #append(text = ""): number {
    const { output } = this.#options;
    if (output !== undefined && text !== "") appendFileSync(output, text);
    return Buffer.byteLength(text);
  }

  #save(changes: Partial<Omit<Saved, "job">>): void {
    this.#saved = { ...this.#saved, ...changes };
    const { file } = this.#options;
    // A crash while the file is written leaves the file of the page before.
    writeFileSync(`${file}.new`, JSON.stringify(this.#saved), PRIVATE);
    renameSync(`${file}.new`, file);
  }
}

export const sumOf = (counts: Counts, others: Counts): Counts => ({
  ...counts,
  ...Object.fromEntries(Object.entries(others).map(([role, count]) => [role, (counts[role] ?? 0) + count])),
});

function refuseExisting(file: string, output: string | undefined): void {
  if (existsSync(file)) {
    throw new Error(
      `An earlier run was interrupted: ${file} has its progress. Pass --resume, or delete the file to start again.`,
    );
  }
  if (output !== undefined && existsSync(output)) {
    throw new Error(`The file ${output} exists. Move or delete it, or pass another folder with --folder.`);
  }
}

/** Trap: a file that is shorter would be padded with zeros. */
function cut(output: string, bytes: number, file: string): void {
  const size = statSync(output, { throwIfNoEntry: false })?.size;
  if (size === undefined || size < bytes) {
    const received = size === undefined ? "does not exist" : `has ${size} bytes`;
    throw new Error(
      `The export cannot be resumed: ${output} ${received}, and ${bytes} bytes were written. Restore the file, or delete both it and ${file} to start again.`,
    );
  }
  truncateSync(output, bytes);
}

function readSaved(file: string, job: Job): Saved {
  if (!existsSync(file)) throw new Error(`There is no interrupted run in ${file}. Run the command without --resume.`);
  const saved: Saved = JSON.parse(readFileSync(file, "utf8"));
  if (JSON.stringify(saved.job) === JSON.stringify(job)) return saved;
  throw new Error(
    `The interrupted run in ${file} is of ${describe(saved.job)}, and this one of ${describe(job)}. Run the same command again, or delete the file.`,
  );
}

const describe = ({ command, table, place }: Job): string => `${command} on ${table} in ${place}`;
