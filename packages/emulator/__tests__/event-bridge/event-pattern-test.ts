import { expect } from "chai";
import { readEventPattern } from "../../src/event-bridge/event-pattern.ts";

/** The event of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
const TERMINATED = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  account: "111122223333",
  time: "2017-12-22T18:43:48Z",
  region: "us-west-1",
  resources: ["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
  detail: { "instance-id": "i-1234567890abcdef0", state: "terminated" },
};

const OR = {
  source: ["aws.cloudwatch"],
  $or: [
    { metricName: [{ prefix: "CPUUtilization" }, { prefix: "ReadLatency" }] },
    { metricType: ["MetricType"], namespace: ["AWS/EC2", "AWS/ES"] },
    { scope: ["Service"] },
  ],
};

/** Patterns of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const CASES: readonly (readonly [pattern: object, matching: object, other: object])[] = [
  [
    { source: ["aws.ec2"], "detail-type": [TERMINATED["detail-type"]], detail: { state: ["terminated"] } },
    TERMINATED,
    { ...TERMINATED, detail: { state: "running" } },
  ],
  [{ resources: [TERMINATED.resources[0], "arn:other"] }, TERMINATED, { resources: ["arn:third"] }],
  [{ time: [{ prefix: "2017-10-02" }] }, { time: "2017-10-02T18:43:48Z" }, { time: "2017-10-03T18:43:48Z" }],
  [{ service: [{ prefix: { "equals-ignore-case": "EventB" } }] }, { service: "eventbridge" }, { service: "events" }],
  [{ FileName: [{ suffix: ".png" }] }, { FileName: "a.png" }, { FileName: "a.png.zip" }],
  [{ FileName: [{ suffix: { "equals-ignore-case": ".png" } }] }, { FileName: "a.PNG" }, { FileName: "a.jpg" }],
  [{ state: [{ "anything-but": "initializing" }] }, { state: "running" }, { state: "initializing" }],
  [{ limit: [{ "anything-but": 123 }] }, { limit: 5 }, { limit: 123 }],
  [{ state: [{ "anything-but": ["stopped", "overloaded"] }] }, { state: "up" }, { state: "stopped" }],
  [{ limit: [{ "anything-but": [100, 200, 300] }] }, { limit: 150 }, { limit: 200 }],
  [
    { state: [{ "anything-but": { "equals-ignore-case": "initializing" } }] },
    { state: "up" },
    { state: "INITIALIZING" },
  ],
  [{ state: [{ "anything-but": { "equals-ignore-case": ["a", "b"] } }] }, { state: "c" }, { state: "B" }],
  [{ state: [{ "anything-but": { prefix: "init" } }] }, { state: "up" }, { state: "initializing" }],
  [{ state: [{ "anything-but": { prefix: ["init", "error"] } }] }, { state: "up" }, { state: "error-1" }],
  [{ FileName: [{ "anything-but": { suffix: ".txt" } }] }, { FileName: "a.png" }, { FileName: "a.txt" }],
  [{ FileName: [{ "anything-but": { suffix: [".txt", ".rtf"] } }] }, { FileName: "a.png" }, { FileName: "a.rtf" }],
  [{ FilePath: [{ "anything-but": { wildcard: "*/lib/*" } }] }, { FilePath: "/src/a" }, { FilePath: "/usr/lib/a" }],
  [
    { detail: { "c-count": [{ numeric: [">", 0, "<=", 5] }], "x-limit": [{ numeric: ["=", 3.018e2] }] } },
    { detail: { "c-count": 5, "x-limit": 301.8 } },
    { detail: { "c-count": 0, "x-limit": 301.8 } },
  ],
  [{ Price: [{ numeric: [">", 10, "<=", 20] }] }, { Price: 20 }, { Price: "20" }],
  [
    { "detail-type": [{ "equals-ignore-case": "ec2 instance" }] },
    { "detail-type": "EC2 Instance" },
    { "detail-type": "x" },
  ],
  [
    { EventBusArn: [{ wildcard: "arn:aws:events:*:event-bus/*" }] },
    { EventBusArn: "arn:aws:events:a:event-bus/b" },
    {},
  ],
  [{ path: [{ wildcard: "dir/*.png" }] }, { path: "dir/sub/a.png" }, { path: "other/a.png" }],
  [{ path: [{ wildcard: "10\\*2\\\\*" }] }, { path: "10*2\\5" }, { path: "1002\\5" }],
  [{ detail: { "src-ip": [{ exists: true }] } }, { detail: { "src-ip": null } }, { detail: {} }],
  [{ detail: { ip: { v6: [{ exists: false }] } } }, { detail: {} }, { detail: { ip: { v6: "::1" } } }],
  [{ detail: { ip: [{ exists: true }] } }, { detail: { ip: "::1" } }, { detail: { ip: { v6: "::1" } } }],
  [{ LastName: [""] }, { LastName: "" }, { LastName: "x" }],
  [{ UserID: [null] }, { UserID: null }, { UserID: "null" }],
  [{ enabled: [true] }, { enabled: true }, { enabled: "true" }],
  [OR, { source: "aws.cloudwatch", scope: "Service" }, { source: "aws.cloudwatch", metricType: "MetricType" }],
  [OR, { source: "aws.cloudwatch", metricName: "ReadLatency.p99" }, { source: "aws.ec2", scope: "Service" }],
  [
    { items: { id: ["a"], size: [1] } },
    { items: [{ id: "b" }, { id: "a", size: 1 }] },
    { items: [{ id: "a" }, { size: 1 }] },
  ],
  [{ $or: [1] }, { $or: 1 }, { $or: 2 }],
];

describe("event-bridge/event-pattern", () => {
  for (const [pattern, matching, other] of CASES) {
    it(`compares events with ${JSON.stringify(pattern)}`, () => {
      const matches = readEventPattern(JSON.stringify(pattern));
      expect([matches(matching), matches(other)]).to.deep.equal([true, false]);
    });
  }

  for (const [pattern, message] of [
    ['"source"', 'The event pattern "source" is invalid. It must be a JSON object'],
    ["{", "The event pattern { is invalid."],
    ["{}", "it is an empty object. Add a field"],
    ['{"detail":{}}', "detail is an empty object"],
    ['{"source":[]}', "source is an empty list. Add a value"],
    ['{"source":"a"}', 'source is "a". Write a list, such as ["a"].'],
    ['{"source":[["a"]]}', 'source contains ["a"]. Write a string'],
    ['{"detail":{"$or":[{"a":["b"]}]}}', "detail.$or has fewer than two alternatives"],
    [
      '{"ip":[{"cidr":"10.0.0.0/24"}]}',
      'does not support the operator "cidr" at ip of an event pattern. It supports prefix,',
    ],
    ['{"a":[{"prefix":"b","suffix":"c"}]}', "a has an object with these operators: prefix, suffix. Write one"],
    ['{"a":[{"prefix":1}]}', '"prefix" at a is 1. It must be a string.'],
    ['{"a":[{"exists":"yes"}]}', '"exists" at a is "yes". It must be true or false.'],
    ['{"a":[{"numeric":[">"]}]}', '"numeric" at a is [">"]. It must be one or two comparisons'],
    ['{"a":[{"numeric":["<",6000000000]}]}', "with numbers from -5000000000 to 5000000000"],
    ['{"a":[{"anything-but":[1,"b"]}]}', "only strings or only numbers"],
    ['{"a":[{"anything-but":[]}]}', "It must be a value or a list of values."],
    ['{"a":[{"anything-but":{"numeric":["=",1]}}]}', 'does not support "numeric" in the "anything-but" at a'],
    ['{"a":[{"wildcard":"a**b"}]}', "Write one * instead of consecutive ones."],
    ['{"a":[{"wildcard":"a\\\\b"}]}', "Write a backslash only before * or another backslash."],
  ] as const) {
    it(`refuses ${pattern}`, () => {
      expect(() => readEventPattern(pattern)).to.throw(message);
    });
  }
});
