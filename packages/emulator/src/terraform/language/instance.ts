import { type Attributes, block } from "../configuration.ts";
import { attributeOf, type BodyOptions, isDeclared } from "./body.ts";
import type { Tracker } from "./tracker.ts";
import { Reference, type Result, Unresolvable } from "./values.ts";

/** Computes an attribute that the Terraform does not declare. Returns undefined if the attribute is unknown. */
export type ComputeAttribute = (instance: Instance, attribute: string) => Result | undefined;

interface InstanceOptions {
  readonly isData: boolean;
  readonly type: string;
  /** Unique in the stack, such as `module.api.aws_lambda_function.connect["join"]`. */
  readonly address: string;
  readonly body: Attributes;
  readonly options: BodyOptions;
  readonly tracker: Tracker;
  readonly compute: ComputeAttribute;
  readonly computedNames: readonly string[];
}

/** Attributes that control how Terraform handles the resource. */
const META_ARGUMENTS = [
  "count",
  "for_each",
  "dynamic",
  "provider",
  "lifecycle",
  "depends_on",
  "provisioner",
  "connection",
  "timeouts",
];

/** One instance of a resource or of a data source. */
export class Instance extends Reference {
  readonly label: string;
  readonly type: string;
  readonly isData: boolean;
  readonly body: Attributes;
  readonly #options: InstanceOptions;

  constructor(options: InstanceOptions) {
    super();
    this.#options = options;
    this.label = options.address;
    this.type = options.type;
    this.isData = options.isData;
    this.body = options.body;
  }

  /** The address of the resource, without the key of the instance. */
  get resource(): string {
    return this.label.replace(/\[[^\]]*\]$/, "");
  }

  /** The key among the resources of its type: the address, for a resource of the root module without its type. */
  get id(): string {
    return this.label.startsWith("module.") ? this.label : this.label.slice(this.type.length + 1);
  }

  /** The names of the attributes and blocks that the Terraform declares. */
  get declaredNames(): readonly string[] {
    const names = [...Object.keys(this.body), ...Object.keys(block(this.body.dynamic))];
    return [...new Set(names)].filter((name) => !META_ARGUMENTS.includes(name) && isDeclared(this.body, name));
  }

  get computedNames(): readonly string[] {
    return this.#options.computedNames;
  }

  names(): readonly string[] {
    return [...new Set([...this.declaredNames, ...this.computedNames])];
  }

  get(name: string): Result {
    const { tracker, compute } = this.#options;
    return tracker.read(`${this.label}#${name}`, () => {
      tracker.record(`${this.label}#${name}`, this.label);
      const isOwn = isDeclared(this.body, name);
      const where = `${this.label}.${name}`;
      const declared = isOwn ? attributeOf(this.body, name, { ...this.#options.options, where }) : null;
      const value = declared ?? compute(this, name) ?? (isOwn ? null : undefined);
      if (value !== undefined) return value;
      throw new Unresolvable(`The emulator does not know the attribute "${name}" of ${this.label}.`);
    });
  }

  /** Returns a declared or computed attribute; undefined if it has no value. */
  find(name: string): Result | undefined {
    return isDeclared(this.body, name) || this.computedNames.includes(name) ? this.get(name) : undefined;
  }
}
