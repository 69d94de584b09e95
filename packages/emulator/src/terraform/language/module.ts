import { list } from "../../iam/document.ts";
import { type Attributes, attempt, blocks } from "../configuration.ts";
import { attributeOf, type BodyOptions, evaluateValue, instancesOf } from "./body.ts";
import { evaluate, type Scope, within } from "./evaluate.ts";
import { collected, type Instances, keyText } from "./expanded-block.ts";
import type { ModuleFiles } from "./files.ts";
import { modulePath } from "./functions/files.ts";
import { type ComputeAttribute, Instance } from "./instance.ts";
import { Lookup, undeclared } from "./lookup.ts";
import type { OnRead } from "./source.ts";
import { parseTemplate } from "./syntax.ts";
import type { Directives } from "./template.ts";
import type { Tracker } from "./tracker.ts";
import { typeOf } from "./type-constraints.ts";
import { Consequence, type Fields, type Reference, type Result, Unresolvable } from "./values.ts";

/** A folder of Terraform with those of the modules that it calls. */
export interface ModuleTree {
  readonly files: ModuleFiles;
  /** By the name of the call. A module that cannot be read is missing. */
  readonly calls: Readonly<Record<string, ModuleTree>>;
}

/** What all modules of a stack share. */
export interface StackContext {
  /** The folder of the root module, to which paths are relative. */
  readonly root: string;
  readonly onRead: OnRead;
  readonly workspace: string;
  readonly tracker: Tracker;
  readonly compute: ComputeAttribute;
  readonly computedNames: (instance: { readonly isData: boolean; readonly type: string }) => readonly string[];
}

/** Returns the value of a variable; undefined if there is none. `type` is the type constraint of the variable. */
export type Input = (name: string, type: string) => Result | undefined;

interface ModuleOptions {
  readonly tree: ModuleTree;
  /** Such as `module.api["eu"]`; empty for the root module. */
  readonly path: string;
  /** Returns the value of a variable; undefined if the caller sets none. */
  readonly input: Input;
  readonly context: StackContext;
}

/** One instance of a module: the values of its variables, locals, resources and outputs. */
export class Module {
  readonly tree: ModuleTree;
  readonly path: string;
  readonly #input: Input;
  readonly #context: StackContext;
  readonly #scope: Scope;

  constructor({ tree, path, input, context }: ModuleOptions) {
    this.tree = tree;
    this.path = path;
    this.#input = input;
    this.#context = context;
    const lookup = (name: string) => this.#lookup(name);
    const { root: folder, onRead } = context;
    const template = (text: string, variables: Fields): Result => {
      const scope: Scope = {
        folder,
        onRead,
        template,
        lookup: (name) => new Lookup("template", unknownIn("template")).get(name),
      };
      return evaluate(parseTemplate(text, "evaluated"), within(scope, variables));
    };
    this.#scope = { folder, onRead, lookup, template };
  }

  /** The instances of one of the module's own resources or data sources. Throws if their number is unknown. */
  instances(kind: "resource" | "data", type: string, name: string): Instance[] {
    return [...this.#instances(kind, type, name).all.values()];
  }

  /** The modules that this module calls. */
  children(): Module[] {
    return Object.keys(this.tree.calls).flatMap((name) => [...this.#callInstances(name).all.values()]);
  }

  /** A sentence for each variable whose value does not pass its validations. Conditions that cannot be evaluated are skipped. */
  invalidVariables(): string[] {
    return Object.entries(this.tree.files.variable).flatMap(([name, { validation }]) =>
      blocks(validation).flatMap(({ condition = true, error_message }) => {
        const options = this.#options(`var.${name}`);
        const isValid = attempt(() => evaluateValue(condition, options), []);
        if (isValid !== false) return [];
        const message = attempt(() => evaluateValue(error_message ?? "", options), []) ?? "";
        return [`${this.address(`var.${name}`)} has an invalid value: ${String(message)} Set another value.`];
      }),
    );
  }

  /** Evaluates a value outside of resources, such as the region of a provider. */
  evaluate(value: Attributes[string], where: string): Result {
    return evaluateValue(value, this.#options(where));
  }

  /** An address in the stack, such as `module.api.local.name`. */
  address(local: string): string {
    return this.path === "" ? local : `${this.path}.${local}`;
  }

  #options(local: string, names: Fields = {}): BodyOptions {
    const file = this.tree.files.places.get(local)?.file;
    const directives: Directives = file?.endsWith(".json") ? "refused" : "evaluated";
    return { scope: within(this.#scope, names), directives, where: this.address(local) };
  }

  readonly #roots: Readonly<Record<string, () => Result>> = {
    var: () => this.#lookupOf("var", (name) => this.#variable(name)),
    local: () => this.#lookupOf("local", (name) => this.#local(name)),
    module: () => new Lookup("module", (name) => collected(this.#callInstances(name), (module) => module.#outputs())),
    data: () => new Lookup("data", (type) => this.#resourcesOf("data", type)),
    path: () => ({
      module: modulePath(this.#context.root, this.tree.files.folder),
      root: ".",
      cwd: this.#context.root,
    }),
    terraform: () => ({ workspace: this.#context.workspace }),
  };

  #lookup(name: string): Result {
    const root = Object.hasOwn(this.#roots, name) ? this.#roots[name] : undefined;
    if (root) return root();
    if (name === "each" || name === "count" || name === "self") {
      throw new Unresolvable(`"${name}" has no value here.`, { remedy: "Correct the expression." });
    }
    return this.#resourcesOf("resource", name);
  }

  #lookupOf(label: string, get: (name: string) => Result): Reference {
    return new Lookup(label, (name) => this.#context.tracker.read(this.address(`${label}.${name}`), () => get(name)));
  }

  #variable(name: string): Result {
    const declared = this.tree.files.variable[name];
    if (!declared) throw undeclared(`var.${name}`, "variable");
    const { type = "any", default: fallback } = declared;
    const constraint = String(type).replace(/^\$\{([\s\S]*)\}$/, "$1");
    const options = this.#options(`var.${name}`);
    const given = this.#input(name, constraint);
    if (given === undefined && fallback === undefined) {
      throw new Unresolvable(`The variable "${name}" has no value.`, {
        remedy: `Pass --var ${name}=VALUE, or set it in terraform.tfvars.`,
      });
    }
    const value = given ?? (fallback === undefined ? null : evaluateValue(fallback, options));
    return typeOf(constraint)(value, (expression) => evaluate(expression, options.scope));
  }

  #local(name: string): Result {
    if (!Object.hasOwn(this.tree.files.locals, name)) throw undeclared(`local.${name}`, "local value");
    return attributeOf(this.tree.files.locals, name, this.#options(`local.${name}`));
  }

  #outputs(): Reference {
    const get = (name: string): Result => {
      const output = this.tree.files.output[name];
      if (!output) throw undeclared(`${this.path}.${name}`, "output");
      return attributeOf(output, "value", this.#options(`output.${name}`));
    };
    const read = (name: string) => this.#context.tracker.read(this.address(`output.${name}`), () => get(name));
    return new Lookup(this.path, read, () => Object.keys(this.tree.files.output));
  }

  #resourcesOf(kind: "resource" | "data", type: string): Result {
    const declared = this.tree.files[kind][type];
    const prefix = kind === "data" ? "data." : "";
    if (!declared) {
      throw new Unresolvable(
        `It refers to ${prefix}${type}, but the stack has no such resource, local value or variable.`,
        {
          remedy: "Add it, or correct the reference.",
        },
      );
    }
    return new Lookup(type, (name) => {
      if (!Object.hasOwn(declared, name)) throw undeclared(`${prefix}${type}.${name}`, "resource");
      return collected(this.#instances(kind, type, name), (instance) => instance);
    });
  }

  #instances(kind: "resource" | "data", type: string, name: string): Instances<Instance> {
    const local = `${kind === "data" ? "data." : ""}${type}.${name}`;
    const body = this.tree.files[kind][type]?.[name] ?? {};
    const { tracker, compute, computedNames } = this.#context;
    const isData = kind === "data";
    return this.#expand(local, body, (names, suffix) => {
      const address = `${this.address(local)}${suffix}`;
      if (suffix !== "") tracker.record(address, this.address(local));
      for (const each of list(body.depends_on)) tracker.record(address, this.address(dependency(String(each))));
      const options = this.#options(local, names);
      const computed = computedNames({ isData, type });
      return new Instance({ isData, type, address, body, options, tracker, compute, computedNames: computed });
    });
  }

  #callInstances(name: string): Instances<Module> {
    const tree = Object.hasOwn(this.tree.calls, name) ? this.tree.calls[name] : undefined;
    if (!tree && Object.hasOwn(this.tree.files.module, name)) throw new Consequence();
    if (!tree) throw undeclared(`module.${name}`, "module");
    const body = this.tree.files.module[name] ?? {};
    return this.#expand(`module.${name}`, body, (names, suffix) => {
      const path = `${this.address(`module.${name}`)}${suffix}`;
      const input = (variable: string): Result | undefined => {
        if ((body[variable] ?? undefined) === undefined) return undefined;
        return attributeOf(body, variable, { ...this.#options(`module.${name}`, names), where: `${path}.${variable}` });
      };
      return new Module({ tree, path, input, context: this.#context });
    });
  }

  /** Creates one instance for each key of `for_each` or `count`, or a single one. */
  #expand<Item>(local: string, body: Attributes, create: (names: Fields, suffix: string) => Item): Instances<Item> {
    return this.#context.tracker.read(this.address(local), () => {
      const keys = instancesOf(body, this.#options(local));
      if (!keys) return { isSingle: true, byCount: false, all: new Map([["", create({}, "")]]) };
      const all = [...keys].map(([key, names]) => [key, create(names, keyText(key))] as const);
      return { isSingle: false, byCount: (body.count ?? undefined) !== undefined, all: new Map(all) };
    });
  }
}

/** `depends_on` names a resource, not an attribute. */
const dependency = (text: string): string => text.replace(/^\$\{(.*)\}$/, "$1");

const unknownIn = (where: string) => (name: string) => {
  throw undeclared(name, `variable of the ${where}`);
};
