export default ({ outcome, blockReason, functionCalls, text }) =>
  `${outcome}, ${blockReason}, ${functionCalls.length} calls, text ${text}`;
