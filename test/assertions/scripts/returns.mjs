export default (_reply, { value }) => value;
