export default ({ text }, { word }) => text.includes(word) || `no ${word} in it`;
