// A chat that remembers: each session has a history, and the prompt gets it with every turn.
import {
  ChatPromptTemplate,
  InMemoryChatMessageHistory,
  MessagesPlaceholder,
  RunnableWithMessageHistory,
  StringOutputParser,
} from "linnet";
import { fakeModel } from "linnet/testing";

// Stands for a model that calls people by the name they gave.
const model = fakeModel().respond(
  (messages) => {
    const name = messages.map(({ text }) => /my name is (\w+)/i.exec(text)?.[1]).find(Boolean);
    return name === undefined ? "I do not know your name." : `You are ${name}.`;
  },
  { times: Number.POSITIVE_INFINITY },
);

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Be brief."],
  new MessagesPlaceholder("history"),
  ["human", "{question}"],
]);

const sessions = new Map();
const historyOf = (id) => {
  if (!sessions.has(id)) sessions.set(id, new InMemoryChatMessageHistory());
  return sessions.get(id);
};

const chat = new RunnableWithMessageHistory({
  runnable: prompt.pipe(model).pipe(new StringOutputParser()),
  getMessageHistory: historyOf,
  inputMessagesKey: "question",
  historyMessagesKey: "history",
});

async function say(sessionId, question) {
  console.log(`${sessionId}: ${question}`);
  console.log(`   -> ${await chat.invoke({ question }, { configurable: { sessionId } })}`);
}

await say("first", "Hello, my name is Ada.");
await say("first", "Who am I?");
await say("second", "Who am I?");

for (const message of await historyOf("first").getMessages()) console.log(`${message.type}: ${message.text}`);
