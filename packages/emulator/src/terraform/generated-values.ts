import { type Compute, hashOf, type Read } from "./computed.ts";

/** A number of hexadecimal digits that depend only on the address. */
const digits = (address: string, count: number): string =>
  Array.from({ length: Math.ceil(count / 64) }, (_, index) => hashOf(`${address}#${index}`))
    .join("")
    .slice(0, count);

const numberOf = (read: Read, attribute: string): number => Number(read.optional(attribute) ?? 0);

const bytes = (address: string, read: Read): Buffer =>
  Buffer.from(digits(address, 2 * numberOf(read, "byte_length")), "hex");

const prefixed =
  (encode: (value: Buffer) => string): Compute =>
  (address, read) =>
    `${read.optional("prefix") ?? ""}${encode(bytes(address, read))}`;

const uuid: Compute = (address) => digits(address, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

const word: Compute = (address, read) => digits(address, numberOf(read, "length"));

function integer(address: string, read: Read): string {
  const [min, max] = [numberOf(read, "min"), numberOf(read, "max")];
  return String(min + (Number.parseInt(digits(address, 8), 16) % (max - min + 1)));
}

const pet: Compute = (address, read) =>
  [read.optional("prefix"), "local", `pet${digits(address, 6)}`]
    .filter(Boolean)
    .join(read.optional("separator") ?? "-");

const id: Compute = (address) => digits(address, 16);

/**
 * Resources that only have values. Random values depend only on the address, so that they do not change when the
 * emulator restarts. https://registry.terraform.io/providers/hashicorp/random/latest/docs
 */
export const generatedValues: Readonly<Record<string, Readonly<Record<string, Compute>>>> = {
  null_resource: { id },
  random_id: {
    id: prefixed((value) => value.toString("base64url")),
    hex: prefixed((value) => value.toString("hex")),
    dec: prefixed((value) => BigInt(`0x0${value.toString("hex")}`).toString()),
    b64_url: prefixed((value) => value.toString("base64url")),
    b64_std: prefixed((value) => value.toString("base64")),
  },
  random_integer: { id: integer, result: integer },
  random_password: { id: () => "none", result: word },
  random_pet: { id: pet },
  random_string: { id: word, result: word },
  random_uuid: { id: uuid, result: uuid },
  terraform_data: { id: uuid, output: (_, read) => read.optional("input") ?? "" },
  time_sleep: { id },
};
