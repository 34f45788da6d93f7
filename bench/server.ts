/** The bench's API: one fixed reply after a set delay, in a process of its own. Prints its port. */
import { createServer } from 'node:http';

const delay = Number(process.argv[2] ?? 0);
const reply = Buffer.from(
  JSON.stringify({
    candidates: [
      {
        content: { parts: [{ text: 'A magic backpack stood in the quiet village square.' }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 11, totalTokenCount: 20 },
    modelVersion: 'gemini-3.8-flash',
    responseId: 'bench',
  }),
);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const answer = (): void => {
      response.writeHead(200, {
        'content-type': 'application/json; charset=UTF-8',
        'content-length': reply.length,
      });
      response.end(reply);
    };
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
