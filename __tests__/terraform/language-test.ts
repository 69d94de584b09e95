import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStack } from "@serverless-chat/emulator/terraform/stack";
import { EXPRESSION_FILES, EXPRESSIONS } from "@serverless-chat/emulator/testing/expressions";
import { folderOf } from "@serverless-chat/emulator/testing/files";
import { HCL_STACK } from "@serverless-chat/emulator/testing/hcl-stack";
import { expect } from "chai";
import { planJson } from "../../scripts/terraform.ts";

interface PlannedModule {
  readonly resources?: readonly { readonly type: string; readonly values: Readonly<Record<string, unknown>> }[];
  readonly child_modules?: readonly PlannedModule[];
}

interface Plan {
  readonly planned_values: {
    readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
    readonly root_module: PlannedModule;
  };
}

const resourcesIn = ({
  resources = [],
  child_modules = [],
}: PlannedModule): NonNullable<PlannedModule["resources"]> => [...resources, ...child_modules.flatMap(resourcesIn)];

const valuesOf = (plan: Plan, type: string): Readonly<Record<string, unknown>>[] =>
  resourcesIn(plan.planned_values.root_module)
    .filter((resource) => resource.type === type)
    .map(({ values }) => values);

describe("the Terraform language of the emulator", () => {
  it("evaluates expressions as Terraform does", async () => {
    const outputs = EXPRESSIONS.map(
      ([expression], index) => `output "e${index}" {\n  value = jsonencode(${expression})\n}\n`,
    );
    const folder = folderOf({ ...EXPRESSION_FILES, "main.tf": outputs.join("\n") });
    const plan = JSON.parse(await planJson(folder)) as Plan;
    const values = EXPRESSIONS.map(([expression], index) => [
      expression,
      plan.planned_values.outputs?.[`e${index}`]?.value,
    ]);
    expect(values).to.deep.equal(EXPRESSIONS);
  });

  it("resolves a stack in HCL, and its plan, as Terraform plans it", async () => {
    const folder = folderOf(HCL_STACK);
    const text = await planJson(folder, ["-var=stage=dev"]);
    const plan = JSON.parse(text) as Plan;
    const stack = await readStack(folder, { variables: ["stage=dev"] });
    const functions = valuesOf(plan, "aws_lambda_function").map((values) => ({
      name: values.function_name,
      handler: values.handler,
      memoryMegabytes: values.memory_size,
      environment: (values.environment as { variables: object }[])[0]?.variables,
    }));
    const own = stack.functions.map(({ name, handler, memoryMegabytes, environment }) => {
      return { name, handler, memoryMegabytes, environment };
    });
    expect(own).to.deep.equal(functions);
    expect(stack.routes.map(({ key }) => key)).to.deep.equal(
      valuesOf(plan, "aws_apigatewayv2_route").map(({ route_key }) => route_key),
    );
    expect(stack.tables.map(({ name }) => name)).to.deep.equal(
      valuesOf(plan, "aws_dynamodb_table").map(({ name }) => name),
    );

    writeFileSync(join(folder, "plan.json"), text);
    const planned = await readStack(join(folder, "plan.json"), { iam: false });
    expect(planned.functions.map(({ name, environment }) => ({ name, environment }))).to.deep.equal(
      own.map(({ name, environment }) => ({ name, environment })),
    );
    expect(planned.routes.map(({ key, integration }) => [key, integration?.type])).to.deep.equal(
      stack.routes.map(({ key, integration }) => [key, integration?.type]),
    );
  });
});
