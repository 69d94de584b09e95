/** Where the Terraform is written to. */
export const SYNTHESIZED = "cdktf.out";

/** In this process, and not by the cdktf command, which takes seconds to load. */
export async function synthesize(): Promise<void> {
  try {
    await import("../main.ts");
  } catch (fault) {
    throw new Error(`The stack could not be synthesized. ${(fault as Error).message}`, { cause: fault });
  }
}
