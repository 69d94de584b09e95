/**
 * An expression of the Terraform language. `element` stands for the current element of the enclosing splat.
 * https://developer.hashicorp.com/terraform/language/expressions
 */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "element" }
  | { readonly kind: "index"; readonly object: Expression; readonly key: Expression }
  | { readonly kind: "splat"; readonly object: Expression; readonly each: Expression }
  | Call
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | ForExpression;

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  /** Whether `...` follows the last argument. */
  readonly expands: boolean;
}

export interface ForExpression {
  readonly kind: "for";
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** Only in a `for` expression that produces an object. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** Whether `...` groups the values that have the same key. */
  readonly groups: boolean;
}

/** The text is not an expression of the Terraform language. */
export class SyntaxFault extends Error {}

/** A template directive, such as `%{ if }`, where it is not supported. */
export class DirectiveFault extends SyntaxFault {}

export const literal = (value: string | number | boolean | null): Expression => ({ kind: "literal", value });

/** A template of one interpolation has the value of its expression, which can be of any type. */
export function templateOf(parts: readonly Expression[]): Expression {
  const [only = literal("")] = parts;
  return parts.length <= 1 ? only : { kind: "template", parts };
}
