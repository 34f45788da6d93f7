export const judge = ({ text }) => `seen: text, ${text}`;
