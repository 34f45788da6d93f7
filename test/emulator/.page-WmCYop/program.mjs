import { GoogleGenAI } from 'genai-2';

const ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: 'http://127.0.0.1:45605' } });
const response = await ai.models.generateContent({
  model: 'gemini-3.8-flash',
  contents: 'Write a story about a magic backpack.',
});
console.log(response.text);
