import type { Config } from "../../aws/config.ts";
import { awsName, metricsNamespace } from "../names.ts";
import type { Environment } from "./settings.ts";

/** The functions' settings in an environment. A setting that the environment does not have gets a value that says so. */
export const functionSettingsIn = (environment: Environment) =>
  ({
    metricsNamespace: metricsNamespace(environment),
    // By name and not by reference: the fan-out function invokes itself, and Terraform refuses a resource that refers to itself.
    fanOutFunction: awsName(environment, "fan-out"),
    messageRetentionDays: environment.messageRetentionDays,
    presenceMembersMax: environment.presenceMembersMax,
    authentication: environment.authentication.kind,
    checksBans: environment.moderators !== undefined,
    allowedOrigins: environment.allowedOrigins ?? "any",
    channelMakers: environment.channelMakers ?? "everybody",
    privateChannels: environment.privateChannels ?? {},
    moderators: environment.moderators ?? [],
    messageRate: environment.messageRate ?? "unlimited",
    connectionsPerUserMax: environment.connectionsPerUserMax ?? "unlimited",
    connectionsPerAddressMax: environment.connectionsPerAddressMax ?? "unlimited",
  }) satisfies Partial<Config>;
