export default 'a text';
export const rule = () => true;
