import { join } from "node:path";
import { expect } from "chai";
import { readStack } from "../../src/terraform/stack.ts";
import { folderOf } from "../support/files.ts";
import { PLANNED_STACK, type Planned, planOf } from "../support/plan.ts";
import { rejection } from "../support/rejection.ts";

interface OpenPlan {
  planned_values: { root_module: { resources: { address: string; index?: string }[]; child_modules: object[] } };
  resource_changes: { address: string; change: { after_unknown: object } }[];
  configuration: { root_module: { resources: { type: string; expressions: object }[]; module_calls: object } };
}

/** The function is in a module with `for_each`, and its role comes from a variable. */
function planWithModule(): object {
  const { "aws_lambda_function.say": _, ...others } = PLANNED_STACK;
  const plan = planOf(others) as OpenPlan;
  const values = { function_name: "one", handler: "index.handler", filename: "say.zip" };
  const [type, name] = ["aws_lambda_function", "own"];
  const address = `module.fn["one"].${type}.${name}`;
  const root = plan.planned_values.root_module;
  const integration = root.resources.find((each) => each.address.startsWith("aws_apigatewayv2_integration"));
  Object.assign(integration ?? {}, { index: "one" });
  root.child_modules = [{ address: 'module.fn["one"]', resources: [{ address, mode: "managed", type, name, values }] }];
  plan.resource_changes.push({ address, change: { after_unknown: { role: true } } });
  const { resources } = plan.configuration.root_module;
  const uri = { integration_uri: { references: ["module.fn", "each.key"] } };
  for (const each of resources) if (each.type === "aws_apigatewayv2_integration") Object.assign(each.expressions, uri);
  const expressions = { role: { references: ["var.role"] }, function_name: {}, handler: {}, filename: {} };
  plan.configuration.root_module.module_calls = {
    fn: {
      expressions: { role: { references: ["aws_iam_role.say.arn"] } },
      module: {
        resources: [{ mode: "managed", type, name, expressions }],
        outputs: { invoke_arn: { expression: { references: ["aws_lambda_function.own.invoke_arn"] } } },
      },
    },
  };
  return plan;
}

const read = (plan: object | string, iam = true) =>
  readStack(join(folderOf({ "plan.json": plan, "say.zip": "" }), "plan.json"), { iam, environment: {} });

describe("terraform/load-plan", () => {
  it("plays the resources of a plan, and follows references to values that are unknown before an apply", async () => {
    const { region, routes, functions, warnings } = await read(planOf(PLANNED_STACK));
    expect(region).to.equal("eu-west-2");
    expect(routes[0]).to.deep.include({ key: "say" });
    expect(routes[0]?.integration).to.include({ type: "AWS_PROXY", functionName: "say", mayInvoke: true });
    expect(functions[0]?.environment).to.deep.equal({ TEXT: "${b}" });
    expect(warnings.join()).to.include('The plan does not contain "source_arn" of aws_lambda_permission.say');
  });

  it("follows references through variables and outputs of modules, to the instance with the same key", async () => {
    const { routes, functions } = await read(planWithModule());
    expect(functions.map(({ name, roleArn }) => [name, roleArn])).to.deep.equal([
      ["one", "arn:aws:iam::000000000000:role/say"],
    ]);
    expect(routes[0]?.integration).to.include({ functionName: "one" });
  });

  it("rejects a policy that is known only after an apply, unless policies are not evaluated", async () => {
    const policy = {
      values: { role: "say", policy: null },
      unknown: { policy: true },
      references: { policy: { references: [] } },
    };
    const plan = planOf({ ...PLANNED_STACK, "aws_iam_role_policy.say": policy });
    expect(await rejection(read(plan))).to.equal(
      'The plan does not contain "policy" of aws_iam_role_policy.say, because the value is known only after an apply. Pass the folder of the Terraform instead of the plan.',
    );
    expect((await read(plan, false)).routes).to.have.length(1);
  });

  it("rejects an environment variable that is known only after an apply", async () => {
    const say = PLANNED_STACK["aws_lambda_function.say"] as Planned;
    const unknown = { ...say.unknown, environment: [{ variables: { URL: true } }] };
    expect(
      await rejection(read(planOf({ ...PLANNED_STACK, "aws_lambda_function.say": { ...say, unknown } }))),
    ).to.include('The plan does not contain "environment.variables.URL" of aws_lambda_function.say');
  });

  it("asks for the folder of a file of Terraform", async () => {
    const folder = folderOf({ "main.tf": "", "cdk.tf.json": "{}" });
    for (const name of ["main.tf", "cdk.tf.json"]) {
      expect(await rejection(readStack(join(folder, name), { environment: {} }))).to.equal(
        `${join(folder, name)} is one file of a folder of Terraform. Pass its folder: ${folder}.`,
      );
    }
  });

  it("rejects a file that is not a plan in JSON", async () => {
    expect(await rejection(read("{"))).to.match(/plan\.json is not a plan in JSON: .* terraform show -json/);
    expect(await rejection(read({}))).to.include('It has no "planned_values" or no "configuration".');
  });
});
