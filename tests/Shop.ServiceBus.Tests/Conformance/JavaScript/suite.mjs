// Drives the emulator with the official SDK. Each check has a queue of its own (or says which it uses), so that all run at
// once; one line of JSON tells how each ended. Usage: node suite.mjs CONNECTION_STRING CONNECTION_STRING_WITH_WRONG_KEY
import assert from "node:assert/strict";
import { ServiceBusClient } from "@azure/service-bus";

const [connectionString, wrongKeyConnectionString] = process.argv.slice(2);
const client = new ServiceBusClient(connectionString);
const checks = [];
const check = (name, run) => checks.push({ name, run });
const wait = { maxWaitTimeInMs: 20_000 };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function one(receiver) {
  const [message] = await receiver.receiveMessages(1, wait);
  assert.ok(message, "no message came");
  return message;
}

async function nothing(receiver) {
  const messages = await receiver.receiveMessages(1, { maxWaitTimeInMs: 300 });
  assert.equal(messages.length, 0, "a message came that should not");
}

async function fails(promise, code) {
  const error = await promise.then(() => undefined, (reason) => reason);
  assert.equal(error?.code, code, `expected ${code}, got ${error?.code}: ${error?.message}`);
  return error;
}

async function refused(promise, code, reason) {
  const error = await fails(promise, code);
  assert.match(error.message, reason);
  return error;
}

function queue(name, options) {
  return { sender: client.createSender(name), receiver: client.createReceiver(name, options) };
}

check("a message arrives as it was sent, and is gone when completed", async () => {
  const { sender, receiver } = queue("queue-1");
  const before = Date.now();
  await sender.sendMessages({
    body: { text: "grüße", list: [1, 2.5, null] },
    messageId: "m-1",
    correlationId: "c-1",
    subject: "shop.created",
    contentType: "application/json",
    to: "there",
    replyTo: "here",
    applicationProperties: { text: "a", whole: 42, half: 1.5, yes: true },
  });
  const message = await one(receiver);
  assert.deepEqual(message.body, { text: "grüße", list: [1, 2.5, null] });
  assert.equal(message.messageId, "m-1");
  assert.equal(message.correlationId, "c-1");
  assert.equal(message.subject, "shop.created");
  assert.equal(message.contentType, "application/json");
  assert.equal(message.to, "there");
  assert.equal(message.replyTo, "here");
  assert.deepEqual(message.applicationProperties, { text: "a", whole: 42, half: 1.5, yes: true });
  assert.equal(message.deliveryCount, 0);
  assert.equal(message.sequenceNumber.toString(), "1");
  assert.ok(message.enqueuedTimeUtc.getTime() >= before - 1000);
  assert.ok(message.lockedUntilUtc.getTime() > Date.now() + 30_000);
  assert.match(message.lockToken, /^[0-9a-f-]{36}$/);
  await receiver.completeMessage(message);
  await nothing(receiver);
});

check("messages come in the order in which they were sent", async () => {
  const { sender, receiver } = queue("queue-2");
  for (let i = 0; i < 20; i++) {
    await sender.sendMessages({ body: i });
  }
  const bodies = [];
  while (bodies.length < 20) {
    for (const message of await receiver.receiveMessages(7, wait)) {
      bodies.push(message.body);
      await receiver.completeMessage(message);
    }
  }
  assert.deepEqual(bodies, [...Array(20).keys()]);
});

check("a batch of 1,000 is accepted as one and arrives whole", async () => {
  const { sender, receiver } = queue("queue-3", { receiveMode: "receiveAndDelete" });
  const batch = await sender.createMessageBatch();
  for (let i = 0; i < 1000; i++) {
    assert.ok(batch.tryAddMessage({ body: i, applicationProperties: { i } }));
  }
  await sender.sendMessages(batch);
  const bodies = [];
  while (bodies.length < 1000) {
    const messages = await receiver.receiveMessages(1000 - bodies.length, wait);
    assert.ok(messages.length > 0, `only ${bodies.length} came`);
    bodies.push(...messages.map((message) => message.body));
  }
  assert.deepEqual(bodies, [...Array(1000).keys()]);
});

check("an abandoned message comes again with changed properties and a higher count", async () => {
  const { sender, receiver } = queue("queue-4");
  await sender.sendMessages({ body: "x", applicationProperties: { kept: 1, changed: "before" } });
  await receiver.abandonMessage(await one(receiver), { changed: "after", added: true });
  const again = await one(receiver);
  assert.equal(again.deliveryCount, 1);
  assert.deepEqual(again.applicationProperties, { kept: 1, changed: "after", added: true });
  await receiver.completeMessage(again);
});

check("a message that fails too often becomes a dead letter", async () => {
  const { sender, receiver } = queue("orders");
  await sender.sendMessages({ body: "poison" });
  for (let attempt = 0; attempt < 3; attempt++) {
    const message = await one(receiver);
    assert.equal(message.deliveryCount, attempt);
    await receiver.abandonMessage(message);
  }
  await nothing(receiver);
  const dead = client.createReceiver("orders", { subQueueType: "deadLetter" });
  const message = await one(dead);
  assert.equal(message.body, "poison");
  assert.equal(message.deadLetterReason, "MaxDeliveryCountExceeded");
  assert.equal(message.deadLetterSource, "orders");
  await dead.completeMessage(message);
});

check("a dead-lettered message keeps reason, description and properties", async () => {
  const { sender, receiver } = queue("queue-5");
  await sender.sendMessages({ body: "x" });
  await receiver.deadLetterMessage(await one(receiver), {
    deadLetterReason: "unreadable",
    deadLetterErrorDescription: "no field total",
    tries: 7,
  });
  await nothing(receiver);
  const dead = client.createReceiver("queue-5", { subQueueType: "deadLetter" });
  const message = await one(dead);
  assert.equal(message.deadLetterReason, "unreadable");
  assert.equal(message.deadLetterErrorDescription, "no field total");
  assert.equal(message.applicationProperties.tries, 7);
  await dead.completeMessage(message);
  await nothing(dead);
});

check("dead letters are forwarded where the configuration says", async () => {
  const { sender, receiver } = queue("failing");
  await sender.sendMessages({ body: "forwarded dead letter" });
  await receiver.abandonMessage(await one(receiver));
  await inboxHas("forwarded dead letter");
});

check("a lock that is renewed holds, and one that is not is lost", async () => {
  const { sender } = queue("brief");
  const receiver = client.createReceiver("brief", { maxAutoLockRenewalDurationInMs: 0 });
  await sender.sendMessages({ body: "held" });
  const message = await one(receiver);
  const firstEnd = message.lockedUntilUtc.getTime();
  while (Date.now() < firstEnd + 500) {
    await pause(500);
    const until = await receiver.renewMessageLock(message);
    assert.ok(until.getTime() > Date.now());
  }
  const again = await one(receiver);
  assert.equal(again.body, "held");
  assert.equal(again.deliveryCount, 1);
  assert.ok(Date.now() > firstEnd + 1000, "it came again although its lock was renewed");
  await fails(receiver.completeMessage(message), "MessageLockLost");
  await fails(receiver.renewMessageLock(message), "MessageLockLost");
  await receiver.completeMessage(again);
});

check("a scheduled message comes when it is due, not before", async () => {
  const { sender, receiver } = queue("queue-6");
  const due = new Date(Date.now() + 1500);
  const [number] = await sender.scheduleMessages({ body: "later" }, due);
  assert.ok(number.gt(0));
  const message = await one(receiver);
  assert.ok(Date.now() >= due.getTime(), "it came too early");
  assert.equal(message.body, "later");
  await receiver.completeMessage(message);
});

check("a message sent with a scheduled time waits for it", async () => {
  const { sender, receiver } = queue("queue-7");
  const due = new Date(Date.now() + 1500);
  await sender.sendMessages({ body: "later", scheduledEnqueueTimeUtc: due });
  const message = await one(receiver);
  assert.ok(Date.now() >= due.getTime(), "it came too early");
  await receiver.completeMessage(message);
});

check("a cancelled scheduled message is gone, and cannot be cancelled twice", async () => {
  const { sender, receiver } = queue("queue-8");
  const numbers = await sender.scheduleMessages(
    [{ body: "a" }, { body: "b" }],
    new Date(Date.now() + 3_600_000),
  );
  await sender.cancelScheduledMessages(numbers[0]);
  await fails(sender.cancelScheduledMessages(numbers[0]), "MessageNotFound");
  const left = await receiver.peekMessages(10);
  assert.deepEqual(left.map((message) => message.body), ["b"]);
});

check("a message scheduled on a topic reaches its subscriptions, or is cancelled there", async () => {
  const sender = client.createSender("events");
  const receiver = client.createReceiver("events", "red");
  const red = { colour: "red", priority: 1 };
  const [cancelled] = await sender.scheduleMessages(
    { body: "cancelled", applicationProperties: red },
    new Date(Date.now() + 3_600_000),
  );
  await sender.cancelScheduledMessages(cancelled);
  await fails(sender.cancelScheduledMessages(cancelled), "MessageNotFound");
  await sender.scheduleMessages(
    { body: "scheduled", applicationProperties: red },
    new Date(Date.now() + 1000),
  );
  const message = await one(receiver);
  assert.equal(message.body, "scheduled");
  await receiver.completeMessage(message);
});

check("peeking takes nothing, sees every state, and goes on where it stopped", async () => {
  const { sender, receiver } = queue("queue-9");
  await sender.sendMessages([{ body: 0 }, { body: 1 }, { body: 2 }]);
  await sender.scheduleMessages({ body: 3 }, new Date(Date.now() + 3_600_000));
  await receiver.deferMessage(await one(receiver));
  await one(receiver);
  const first = await receiver.peekMessages(2);
  const second = await receiver.peekMessages(10);
  assert.deepEqual([...first, ...second].map((message) => message.body), [0, 1, 2, 3]);
  assert.deepEqual(
    [...first, ...second].map((message) => message.state),
    ["deferred", "active", "active", "scheduled"],
  );
  assert.deepEqual((await receiver.peekMessages(10)).length, 0);
});

check("a deferred message is received by its number, and only so", async () => {
  const { sender, receiver } = queue("queue-10");
  await sender.sendMessages([{ body: "deferred" }, { body: "next" }]);
  const message = await one(receiver);
  await receiver.deferMessage(message, { why: "too early" });
  const next = await one(receiver);
  assert.equal(next.body, "next");
  await receiver.completeMessage(next);
  const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
  assert.equal(deferred.body, "deferred");
  assert.equal(deferred.applicationProperties.why, "too early");
  await receiver.renewMessageLock(deferred);
  await receiver.completeMessage(deferred);
  await fails(receiver.receiveDeferredMessages(message.sequenceNumber), "MessageNotFound");
});

check("a deferred message can be dead-lettered through management", async () => {
  const { sender, receiver } = queue("queue-11");
  await sender.sendMessages({ body: "x" });
  const message = await one(receiver);
  await receiver.deferMessage(message);
  const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
  await receiver.deadLetterMessage(deferred, { deadLetterReason: "never" });
  const dead = client.createReceiver("queue-11", { subQueueType: "deadLetter" });
  assert.equal((await one(dead)).deadLetterReason, "never");
});

check("receive and delete leaves nothing behind", async () => {
  const { sender, receiver } = queue("queue-12", { receiveMode: "receiveAndDelete" });
  await sender.sendMessages([{ body: 0 }, { body: 1 }]);
  assert.equal((await one(receiver)).body, 0);
  assert.equal((await one(receiver)).body, 1);
  assert.equal((await receiver.peekMessages(5)).length, 0);
});

check("a message lives as long as it says and no longer", async () => {
  const { sender, receiver } = queue("queue-13");
  await sender.sendMessages([{ body: "short", timeToLive: 400 }, { body: "long" }]);
  await pause(900);
  const message = await one(receiver);
  assert.equal(message.body, "long");
  await receiver.completeMessage(message);
  assert.equal((await receiver.peekMessages(5)).length, 0);
});

check("what outlives its queue's time becomes a dead letter where the configuration says so", async () => {
  await client.createSender("expiring").sendMessages({ body: "late", timeToLive: 3_600_000 });
  const dead = await one(client.createReceiver("expiring", { subQueueType: "deadLetter" }));
  assert.equal(dead.body, "late");
  assert.equal(dead.deadLetterReason, "TTLExpiredException");
  assert.equal(dead.deadLetterSource, "expiring");
  assert.equal((await client.createReceiver("expiring").peekMessages(5)).length, 0);
});

check("a correlation filter on the subject lets through what it names, and forwards it", async () => {
  const sender = client.createSender("events");
  await sender.sendMessages([
    { body: "of no interest", subject: "shop.other" },
    { body: "created and forwarded", subject: "shop.created" },
  ]);
  await inboxHas("created and forwarded");
  const bodies = (await inbox()).map((message) => message.body);
  assert.ok(!bodies.includes("of no interest"));
});

check("a correlation filter on properties compares values, and no rule means everything", async () => {
  const sender = client.createSender("events");
  const all = client.createReceiver("events", "all");
  const colours = [
    { body: "blue", applicationProperties: { colour: "blue", priority: 1 } },
    { body: "red 2", applicationProperties: { colour: "red", priority: 2 } },
  ];
  await sender.sendMessages(colours);
  const bodies = new Set();
  while (!(bodies.has("blue") && bodies.has("red 2"))) {
    const message = await one(all);
    bodies.add(message.body);
    await all.completeMessage(message);
  }
  const red = await client.createReceiver("events", "red").peekMessages(50);
  assert.ok(red.every((message) => !["blue", "red 2"].includes(message.body)));
});

check("a SQL filter lets through what it says, and its action changes the copy", async () => {
  const sender = client.createSender("events");
  const receiver = client.createReceiver("events", "urgent");
  const send = (body, applicationProperties) =>
    sender.sendMessages({ body, subject: "sql.new", correlationId: "c", applicationProperties });
  await send("too small", { amount: 50, region: "east" });
  await send("has a note", { amount: 51, region: "east", note: "x" });
  await send("no region", { amount: 51 });
  await send("large", { amount: 51, region: "east", secret: "s" });
  await send("north", { amount: 1.5, region: "north" });
  const [large, north] = [await one(receiver), await one(receiver)];
  assert.deepEqual([large.body, north.body], ["large", "north"]);
  assert.equal(large.subject, "sql.urgent");
  assert.equal(large.correlationId, "c");
  assert.deepEqual(large.applicationProperties, { amount: 51, region: "east", tier: "gold" });
  await receiver.completeMessage(large);
  await receiver.completeMessage(north);
  await nothing(receiver);
});

check("a queue forwards to another queue", async () => {
  await client.createSender("relay").sendMessages({ body: "relayed" });
  await inboxHas("relayed");
});

check("a processor with several calls at once handles everything once", async () => {
  const { sender, receiver } = queue("queue-14");
  const seen = new Map();
  let error;
  const done = new Promise((resolve) => {
    receiver.subscribe(
      {
        processMessage: async (message) => {
          seen.set(message.body, (seen.get(message.body) ?? 0) + 1);
          if (seen.size === 100) {
            resolve();
          }
        },
        processError: async (args) => {
          error = args.error;
        },
      },
      { maxConcurrentCalls: 10 },
    );
  });
  await sender.sendMessages([...Array(50).keys()].map((body) => ({ body })));
  for (let i = 50; i < 100; i++) {
    await sender.sendMessages({ body: i });
  }
  await done;
  await receiver.close();
  assert.equal(error, undefined);
  assert.ok([...seen.values()].every((times) => times === 1));
});

check("a message of nearly 1 MB passes, and one above is refused", async () => {
  const { sender, receiver } = queue("queue-15");
  const large = Buffer.alloc(1024 * 1024 - 1000, 7);
  await sender.sendMessages({ body: large });
  const message = await one(receiver);
  assert.equal(Buffer.compare(message.body, large), 0);
  await receiver.completeMessage(message);
  const tooLarge = { body: Buffer.alloc(1024 * 1024 + 1) };
  await fails(sender.sendMessages(tooLarge), "MessageSizeExceeded");
  await fails(sender.scheduleMessages(tooLarge, new Date(Date.now() + 3_600_000)), "MessageSizeExceeded");
  await sender.sendMessages({ body: "still there" });
  assert.equal((await one(receiver)).body, "still there");
});

check("an entity that does not exist is named so", async () => {
  const unknown = (promise, name) => refused(promise, "MessagingEntityNotFound", name);
  await unknown(client.createSender("nowhere").sendMessages({ body: 1 }), /nowhere/);
  await unknown(client.createReceiver("nowhere").peekMessages(1), /nowhere/);
  await unknown(client.createReceiver("events", "nobody").receiveMessages(1, wait), /nobody/);
});

check("a topic is not received from, and a subscription not sent to", async () => {
  await refused(client.createReceiver("events").receiveMessages(1, wait), "GeneralError", /is a topic/);
  await refused(
    client.createSender("events/Subscriptions/all").sendMessages({ body: 1 }),
    "GeneralError",
    /Messages cannot be sent to/,
  );
});

check("a session on a queue that has none is refused, and so is a receiver without one where there are", async () => {
  await refused(client.acceptNextSession("queue-18"), "GeneralError", /^InvalidOperationError: A sessionful message receiver cannot be created/);
  await refused(
    client.createReceiver("sessions-1").receiveMessages(1, wait),
    "GeneralError",
    /^InvalidOperationError: It is not possible for an entity that requires sessions to create a non-sessionful message receiver/,
  );
});

check("a message without a session id is refused where there are sessions", async () => {
  const sender = client.createSender("sessions-1");
  const reason = /^InvalidOperationError: The SessionId was not set on a message/;
  await refused(sender.sendMessages({ body: 1 }), "GeneralError", reason);
  await refused(sender.sendMessages([{ body: 1, sessionId: "s" }, { body: 2 }]), "GeneralError", reason);
  await refused(sender.scheduleMessages({ body: 1 }, new Date(Date.now() + 5000)), "GeneralError", reason);
  assert.equal((await client.createReceiver("sessions-1").peekMessages(5)).length, 0);
});

check("a topic's message without a session id is a dead letter of a subscription with sessions", async () => {
  await client.createSender("ordered").sendMessages([{ body: "none" }, { body: "one", sessionId: "s" }]);
  const receiver = await client.acceptNextSession("ordered", "sessions");
  assert.equal(receiver.sessionId, "s");
  assert.equal((await one(receiver)).body, "one");
  const dead = await one(client.createReceiver("ordered", "sessions", { subQueueType: "deadLetter" }));
  assert.equal(dead.body, "none");
  assert.equal(dead.deadLetterReason, "Session ID is null");
});

check("a session gives its own messages in their order, and belongs to one receiver at a time", async () => {
  const sender = client.createSender("sessions-2");
  await sender.sendMessages([0, 1, 2, 3].map((body) => ({ body, sessionId: body % 2 ? "odd" : "even" })));
  const even = await client.acceptSession("sessions-2", "even");
  assert.equal(even.sessionId, "even");
  assert.ok(even.sessionLockedUntilUtc.getTime() > Date.now() + 30_000);
  // The SDK says so in its own words, which depend on whether it has seen the broker's refusal yet.
  await refused(
    client.acceptSession("sessions-2", "even"),
    "SessionCannotBeLocked",
    /requested session 'even'( cannot be accepted)?. It may be locked by another receiver/,
  );
  const odd = await client.acceptNextSession("sessions-2");
  assert.equal(odd.sessionId, "odd");
  for (const [receiver, bodies] of [[even, [0, 2]], [odd, [1, 3]]]) {
    for (const body of bodies) {
      const message = await one(receiver);
      assert.equal(message.body, body);
      assert.equal(message.sessionId, receiver.sessionId);
      await receiver.completeMessage(message);
    }
    await nothing(receiver);
  }
  await even.close();
  await (await client.acceptSession("sessions-2", "even")).close();
});

check("within a session the order holds after abandoning, and when its receiver leaves", async () => {
  const sender = client.createSender("sessions-3");
  await sender.sendMessages([0, 1, 2].map((body) => ({ body, sessionId: "s" })));
  const first = await client.acceptSession("sessions-3", "s");
  const [zero, one_] = await first.receiveMessages(2, wait).then(async (messages) =>
    messages.length === 2 ? messages : [...messages, await one(first)],
  );
  assert.deepEqual([zero.body, one_.body], [0, 1]);
  await first.abandonMessage(zero);
  const again = await one(first);
  assert.equal(again.body, 0);
  assert.equal(again.deliveryCount, 1);
  await first.close();
  const second = await client.acceptSession("sessions-3", "s");
  const bodies = [];
  while (bodies.length < 3) {
    const message = await one(second);
    bodies.push([message.body, message.deliveryCount]);
    await second.completeMessage(message);
  }
  // What was held when the receiver left does not count as an attempt.
  assert.deepEqual(bodies, [[0, 1], [1, 0], [2, 0]]);
});

check("the next session is waited for, up to the client's limit", async () => {
  const impatient = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } });
  try {
    const started = Date.now();
    await refused(impatient.acceptNextSession("sessions-4"), "ServiceTimeout", /did not complete within the allotted timeout/);
    assert.ok(Date.now() - started >= 800, "it did not wait");
  } finally {
    await impatient.close();
  }
  const waiting = client.acceptNextSession("sessions-4");
  await pause(200);
  await client.createSender("sessions-4").sendMessages({ body: "here", sessionId: "late" });
  const receiver = await waiting;
  assert.equal(receiver.sessionId, "late");
  assert.equal((await one(receiver)).body, "here");
});

check("a session that is renewed stays locked, and one that is not is lost with what it held", async () => {
  await client.createSender("sessions-brief").sendMessages({ body: "held", sessionId: "s" });
  const receiver = await client.acceptSession("sessions-brief", "s", { maxAutoLockRenewalDurationInMs: 0 });
  const message = await one(receiver);
  const firstEnd = receiver.sessionLockedUntilUtc.getTime();
  while (Date.now() < firstEnd + 500) {
    await pause(400);
    const until = await receiver.renewSessionLock();
    assert.ok(until.getTime() > Date.now());
  }
  await receiver.setSessionState("held on");
  await refused(client.acceptSession("sessions-brief", "s"), "SessionCannotBeLocked", /locked by another/);
  const next = await client.acceptNextSession("sessions-brief", { maxAutoLockRenewalDurationInMs: 0 });
  assert.equal(next.sessionId, "s");
  assert.ok(Date.now() > firstEnd + 1000, "it was given away although its lock was renewed");
  await fails(receiver.completeMessage(message), "SessionLockLost");
  await fails(receiver.renewSessionLock(), "SessionLockLost");
  await fails(receiver.setSessionState("too late"), "SessionLockLost");
  const again = await one(next);
  assert.equal(again.body, "held");
  assert.equal(again.deliveryCount, 1);
  assert.equal(await next.getSessionState(), "held on");
  await next.completeMessage(again);
});

check("a session that is renewed by the SDK outlives its lock duration", async () => {
  await client.createSender("sessions-brief").sendMessages({ body: "slow", sessionId: "slow" });
  const receiver = await client.acceptSession("sessions-brief", "slow");
  const message = await one(receiver);
  await pause(4000);
  await receiver.completeMessage(message);
});

check("a session keeps the state that a receiver sets until it is cleared", async () => {
  const first = await client.acceptSession("sessions-5", "s");
  assert.equal(await first.getSessionState(), null);
  await first.setSessionState({ step: 3, note: "grüße" });
  assert.deepEqual(await first.getSessionState(), { step: 3, note: "grüße" });
  await first.close();
  const second = await client.acceptSession("sessions-5", "s");
  assert.deepEqual(await second.getSessionState(), { step: 3, note: "grüße" });
  await second.setSessionState(null);
  assert.equal(await second.getSessionState(), null);
});

check("a session's messages are peeked at alone, and together without one", async () => {
  const sender = client.createSender("sessions-6");
  await sender.sendMessages([0, 1, 2].map((body) => ({ body, sessionId: `s${body % 2}` })));
  await sender.scheduleMessages({ body: 3, sessionId: "s1" }, new Date(Date.now() + 3_600_000));
  const all = await client.createReceiver("sessions-6").peekMessages(10);
  assert.deepEqual(all.map((message) => message.body), [0, 1, 2, 3]);
  const receiver = await client.acceptSession("sessions-6", "s1");
  const own = await receiver.peekMessages(10, { fromSequenceNumber: all[0].sequenceNumber });
  assert.deepEqual(own.map((message) => message.body), [1, 3]);
});

check("a session's deferred message is received by who holds the session", async () => {
  const sender = client.createSender("sessions-7");
  await sender.sendMessages([{ body: "deferred", sessionId: "s" }, { body: "other", sessionId: "t" }]);
  const receiver = await client.acceptSession("sessions-7", "s");
  const message = await one(receiver);
  await receiver.deferMessage(message);
  await nothing(receiver);
  const other = await client.acceptSession("sessions-7", "t");
  await fails(other.receiveDeferredMessages(message.sequenceNumber), "MessageNotFound");
  const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
  assert.equal(deferred.body, "deferred");
  await receiver.completeMessage(deferred);
  await fails(receiver.receiveDeferredMessages(message.sequenceNumber), "MessageNotFound");
});

check("a message scheduled for a session comes to it when it is due", async () => {
  const due = new Date(Date.now() + 1000);
  await client.createSender("sessions-8").scheduleMessages({ body: "later", sessionId: "s" }, due);
  const receiver = await client.acceptNextSession("sessions-8");
  assert.ok(Date.now() >= due.getTime(), "it came too early");
  assert.equal((await one(receiver)).body, "later");
});

check("a dead letter of a session keeps its session id and needs no session", async () => {
  await client.createSender("sessions-9").sendMessages([{ body: "a", sessionId: "s" }, { body: "b", sessionId: "s" }]);
  const receiver = await client.acceptSession("sessions-9", "s");
  await receiver.deadLetterMessage(await one(receiver), { deadLetterReason: "unreadable" });
  for (let attempt = 0; attempt < 3; attempt++) {
    const message = await one(receiver);
    assert.deepEqual([message.body, message.deliveryCount], ["b", attempt]);
    await receiver.abandonMessage(message);
  }
  await nothing(receiver);
  const dead = client.createReceiver("sessions-9", { subQueueType: "deadLetter", receiveMode: "receiveAndDelete" });
  for (const [body, reason] of [["a", "unreadable"], ["b", "MaxDeliveryCountExceeded"]]) {
    const message = await one(dead);
    assert.deepEqual([message.body, message.sessionId, message.deadLetterReason], [body, "s", reason]);
  }
});

check("receivers that stream sessions share them out, and handle each session's messages in order", async () => {
  const sender = client.createSender("sessions-10");
  const ids = ["a", "b", "c", "d"];
  for (let i = 0; i < 40; i++) {
    await sender.sendMessages({ body: i, sessionId: ids[i % 4] });
  }
  const seen = new Map(ids.map((id) => [id, []]));
  let handled = 0;
  const receivers = await Promise.all(ids.map(() => client.acceptNextSession("sessions-10")));
  assert.deepEqual(receivers.map((receiver) => receiver.sessionId).sort(), ids);
  await new Promise((resolve, reject) => {
    for (const receiver of receivers) {
      receiver.subscribe({
        processMessage: async (message) => {
          seen.get(receiver.sessionId).push(message.body);
          if (++handled === 40) {
            resolve();
          }
        },
        processError: async (args) => reject(args.error),
      });
    }
  });
  for (const [index, id] of ids.entries()) {
    assert.deepEqual(seen.get(id), [...Array(10).keys()].map((i) => 4 * i + index));
  }
});

check("sessions are listed by their messages, or by when their state was set", async () => {
  // The SDK can ask, but offers it to nobody: the request is the one of its other languages.
  const management = client._connectionContext.getManagementClient("sessions-12");
  const withMessages = new Date("9999-12-31T23:59:59.999Z");
  const before = new Date(Date.now() - 1000);
  await client.createSender("sessions-12").sendMessages(["b", "a", "c"].map((sessionId) => ({ body: 1, sessionId })));
  assert.deepEqual(await management.listMessageSessions(0, 10, withMessages), ["a", "b", "c"]);
  assert.deepEqual(await management.listMessageSessions(1, 1, withMessages), ["b"]);
  assert.deepEqual(await management.listMessageSessions(0, 10, before), []);
  const receiver = await client.acceptSession("sessions-12", "z");
  await receiver.setSessionState("noted");
  assert.deepEqual(await management.listMessageSessions(0, 10, before), ["z"]);
  assert.deepEqual(await management.listMessageSessions(0, 10, new Date(Date.now() + 60_000)), []);
});

check("receive and delete works in a session", async () => {
  await client.createSender("sessions-11").sendMessages([{ body: 0, sessionId: "s" }, { body: 1, sessionId: "s" }]);
  const receiver = await client.acceptSession("sessions-11", "s", { receiveMode: "receiveAndDelete" });
  assert.equal((await one(receiver)).body, 0);
  assert.equal((await one(receiver)).body, 1);
  assert.equal((await receiver.peekMessages(5)).length, 0);
});

check("a message that is sent twice is kept once, also in batches and when it was completed meanwhile", async () => {
  const { sender, receiver } = queue("once-1");
  const send = (...ids) => sender.sendMessages(ids.map((messageId) => ({ body: messageId, messageId })));
  await sender.sendMessages({ body: "a", messageId: "a" });
  await receiver.completeMessage(await one(receiver));
  await sender.sendMessages({ body: "a again", messageId: "a" });
  await send("b", "a", "b", "c");
  await sender.sendMessages([{ body: "no id" }, { body: "no id" }]);
  assert.deepEqual(
    (await receiver.peekMessages(10)).map((message) => message.body),
    ["b", "c", "no id", "no id"],
  );
});

check("a scheduled message counts as sent where duplicates are dropped", async () => {
  const { sender, receiver } = queue("once-2");
  const later = new Date(Date.now() + 1000);
  const [number] = await sender.scheduleMessages({ body: "first", messageId: "a" }, later);
  assert.ok(number.gt(0));
  await sender.sendMessages({ body: "second", messageId: "a" });
  await sender.scheduleMessages({ body: "third", messageId: "a" }, later);
  const message = await one(receiver);
  assert.equal(message.body, "first");
  await receiver.completeMessage(message);
  assert.equal((await receiver.peekMessages(10)).length, 0);
});

check("a topic drops duplicates before its subscriptions see them", async () => {
  const sender = client.createSender("once");
  await sender.sendMessages([{ body: 1, messageId: "a" }, { body: 2, messageId: "a" }, { body: 3, messageId: "b" }]);
  const seen = await client.createReceiver("once", "all").peekMessages(10);
  assert.deepEqual(seen.map((message) => message.body), [1, 3]);
});

check("rules that are added and removed decide from then on what a subscription gets", async () => {
  const rules = client.createRuleManager("ruled", "new");
  const sender = client.createSender("ruled");
  const receiver = client.createReceiver("ruled", "new", { receiveMode: "receiveAndDelete" });
  await rules.deleteRule("$Default");
  await sender.sendMessages({ body: "nobody lets it in" });
  await rules.createRule("big", { sqlExpression: "amount > 10" }, { sqlExpression: "SET tier = 'gold'" });
  await rules.createRule("red", { subject: "s", applicationProperties: { colour: "red", size: 3 } });
  await sender.sendMessages([
    { body: "small", applicationProperties: { amount: 10 } },
    { body: "big", applicationProperties: { amount: 11 } },
    { body: "red", subject: "s", applicationProperties: { colour: "red", size: 3 } },
    { body: "blue", subject: "s", applicationProperties: { colour: "blue", size: 3 } },
  ]);
  const [big, red] = [await one(receiver), await one(receiver)];
  assert.deepEqual([big.body, red.body], ["big", "red"]);
  assert.deepEqual(big.applicationProperties, { amount: 11, tier: "gold" });
  await rules.deleteRule("big");
  await sender.sendMessages({ body: "big again", applicationProperties: { amount: 12 } });
  await sender.sendMessages({ body: "red again", subject: "s", applicationProperties: { colour: "red", size: 3 } });
  assert.equal((await one(receiver)).body, "red again");
});

check("rules are listed as they were given, page by page", async () => {
  const rules = client.createRuleManager("ruled", "paged");
  const correlation = {
    correlationId: "c",
    messageId: "m",
    to: "t",
    replyTo: "r",
    subject: "s",
    sessionId: "x",
    replyToSessionId: "y",
    contentType: "text/plain",
    applicationProperties: { text: "a", number: 7, yes: true },
  };
  await rules.createRule("sql", { sqlExpression: "a = 1" }, { sqlExpression: "SET b = 2" });
  await rules.createRule("correlation", correlation);
  for (let i = 0; i < 5; i++) {
    await rules.createRule(`more-${i}`, { sqlExpression: `a = ${i}` });
  }
  const listed = [];
  let pages = 0;
  for await (const page of rules.listRules().byPage({ maxPageSize: 3 })) {
    pages++;
    listed.push(...page);
  }
  assert.equal(pages, 3);
  assert.deepEqual(
    listed.map((rule) => rule.name),
    ["$Default", "sql", "correlation", "more-0", "more-1", "more-2", "more-3", "more-4"],
  );
  assert.deepEqual(listed[0].filter, { sqlExpression: "1=1" });
  assert.deepEqual(listed[1].filter, { sqlExpression: "a = 1" });
  assert.deepEqual(listed[1].action, { sqlExpression: "SET b = 2" });
  assert.deepEqual(listed[2].filter, correlation);
});

check("a rule that is there already, is not there, or means nothing is refused", async () => {
  const rules = client.createRuleManager("ruled", "wrong");
  await refused(rules.createRule("$Default", { sqlExpression: "a = 1" }), "MessagingEntityAlreadyExists", /already exists/);
  await refused(rules.deleteRule("unknown"), "MessagingEntityNotFound", /could not be found/);
  await refused(rules.createRule("broken", { sqlExpression: "a = " }), "GeneralError", /Expected a property or a constant/);
  const listed = [];
  for await (const rule of rules.listRules()) {
    listed.push(rule.name);
  }
  assert.deepEqual(listed, ["$Default"]);
});

check("rules compare numbers by value, and moments", async () => {
  const sender = client.createSender("ruled");
  const receiver = client.createReceiver("ruled", "typed");
  const rules = client.createRuleManager("ruled", "typed");
  await rules.createRule("size", { applicationProperties: { size: 7 } });
  await rules.createRule("half", { applicationProperties: { size: 7.5 } });
  await rules.createRule("moment", { sqlExpression: "dueAt > createdAt AND price * 2 > 39.9" });
  await rules.deleteRule("$Default");
  const earlier = new Date("2030-01-01T12:00:00Z");
  const later = new Date("2030-01-01T13:00:00Z");
  await sender.sendMessages([
    { body: "other size", applicationProperties: { size: 8 } },
    { body: "size", applicationProperties: { size: 7 } },
    { body: "half", applicationProperties: { size: 7.5 } },
    { body: "early", applicationProperties: { dueAt: earlier, createdAt: later, price: 19.99 } },
    { body: "late", applicationProperties: { dueAt: later, createdAt: earlier, price: 19.99 } },
  ]);
  for (const body of ["size", "half", "late"]) {
    const message = await one(receiver);
    assert.equal(message.body, body);
    await receiver.completeMessage(message);
  }
  await nothing(receiver);
});

check("an action removes what it names of a message, and nothing else", async () => {
  const sender = client.createSender("ruled");
  const receiver = client.createReceiver("ruled", "removing");
  const rules = client.createRuleManager("ruled", "removing");
  await rules.createRule("removing", { subject: "removing" }, {
    sqlExpression: "REMOVE sys.CorrelationId; REMOVE sys.ReplyTo; REMOVE sys.To",
  });
  await rules.deleteRule("$Default");
  await sender.sendMessages({
    body: "x",
    subject: "removing",
    messageId: "m",
    correlationId: "c",
    replyTo: "r",
    replyToSessionId: "rs",
    to: "t",
    contentType: "text/plain",
  });
  const message = await one(receiver);
  const named = [message.correlationId, message.replyTo, message.to].map((value) => value ?? null);
  assert.deepEqual(named, [null, null, null]);
  assert.deepEqual(
    [message.subject, message.messageId, message.replyToSessionId, message.contentType],
    ["removing", "m", "rs", "text/plain"],
  );
  await refused(
    rules.createRule("id", { sqlExpression: "1=1" }, { sqlExpression: "REMOVE sys.MessageId" }),
    "GeneralError",
    /sys.MessageId cannot be changed; SET and REMOVE take ContentType/,
  );
});

check("a wrong key is refused", async () => {
  const stranger = new ServiceBusClient(wrongKeyConnectionString, { retryOptions: { maxRetries: 0 } });
  try {
    await fails(stranger.createSender("queue-16").sendMessages({ body: 1 }), "UnauthorizedAccess");
  } finally {
    await stranger.close();
  }
});

check("several receivers share a queue, and none gets what another holds", async () => {
  const sender = client.createSender("queue-17");
  const receivers = [1, 2, 3].map(() => client.createReceiver("queue-17"));
  await sender.sendMessages([...Array(9).keys()].map((body) => ({ body })));
  const held = await Promise.all(receivers.map((receiver) => receiver.receiveMessages(3, wait)));
  const bodies = held.flat().map((message) => message.body);
  assert.equal(new Set(bodies).size, bodies.length);
  await nothing(client.createReceiver("queue-17")).catch((error) => {
    if (bodies.length === 9) throw error;
  });
});

// Messages that end in the shared inbox are looked for by peeking: nothing is taken from another check.
async function inbox() {
  return client.createReceiver("inbox").peekMessages(100);
}

async function inboxHas(body) {
  const limit = Date.now() + 10_000;
  while (!(await inbox()).some((message) => message.body === body)) {
    assert.ok(Date.now() < limit, `"${body}" never came to the inbox`);
    await pause(50);
  }
}

await Promise.all(
  checks.map(async ({ name, run }) => {
    const limit = AbortSignal.timeout(40_000);
    const late = new Promise((_, reject) =>
      limit.addEventListener("abort", () => reject(new Error("not finished after 40 s"))),
    );
    const error = await Promise.race([run(), late]).then(
      () => undefined,
      (reason) => reason,
    );
    console.log(JSON.stringify({ name, ok: !error, error: error && `${error.stack ?? error}` }));
  }),
);
await client.close();
process.exit(0);
