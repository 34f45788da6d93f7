/**
 * The API's request messages (v1beta description of December 2025 and what was added to it by December 2026), written
 * down for the emulator alone. A field is `name:type`; `[T]` is a list, `{T}` a map, `#E` an enum, a parenthesis the
 * fields of which one may be set. Struct is a free map, Value anything.
 */
export const messageTable: Readonly<Record<string, string>> = {
  GenerateContentRequest:
    'model:string contents:[Content] systemInstruction:Content tools:[Tool] toolConfig:ToolConfig safetySettings:[SafetySetting] generationConfig:GenerationConfig cachedContent:string serviceTier:#ServiceTier store:bool labels:{string} continuationToken:bytes',
  Content: 'role:string parts:[Part]',
  Part: 'data(text:string inlineData:Blob fileData:FileData functionCall:FunctionCall functionResponse:FunctionResponse executableCode:ExecutableCode codeExecutionResult:CodeExecutionResult toolCall:ToolCall toolResponse:ToolResponse) thought:bool thoughtSignature:bytes videoMetadata:VideoMetadata mediaResolution:MediaResolution partMetadata:Struct mediaProcessing:#MediaProcessing speechMetadata:SpeechMetadata audioTranscription:Struct',
  SpeechMetadata: 'speaker:string style:string',
  Blob: 'mimeType:string data:bytes',
  FileData: 'mimeType:string fileUri:string',
  FunctionCall: 'id:string name:string args:Struct',
  FunctionResponse:
    'id:string name:string response:Struct parts:[FunctionResponsePart] willContinue:bool scheduling:#FunctionResponse.Scheduling',
  FunctionResponsePart: 'data(inlineData:Blob)',
  ExecutableCode: 'id:string language:#ExecutableCode.Language code:string',
  CodeExecutionResult: 'id:string outcome:#CodeExecutionResult.Outcome output:string',
  ToolCall: 'id:string toolType:#ToolType toolName:string args:Struct',
  ToolResponse: 'id:string toolType:#ToolType response:Struct',
  VideoMetadata: 'startOffset:Duration endOffset:Duration fps:double',
  MediaResolution: 'level:#MediaResolution.Level',
  Tool: 'functionDeclarations:[FunctionDeclaration] googleSearchRetrieval:GoogleSearchRetrieval codeExecution:CodeExecution googleSearch:GoogleSearch computerUse:ComputerUse urlContext:UrlContext fileSearch:FileSearch mcpServers:[McpServer] googleMaps:GoogleMaps',
  FunctionDeclaration:
    'name:string description:string parameters:Schema parametersJsonSchema:Value response:Schema responseJsonSchema:Value behavior:#FunctionDeclaration.Behavior',
  Schema:
    'type:#Type format:string title:string description:string nullable:bool enum:[string] items:Schema maxItems:int64 minItems:int64 properties:{Schema} required:[string] minProperties:int64 maxProperties:int64 minLength:int64 maxLength:int64 minimum:double maximum:double pattern:string example:Value anyOf:[Schema] propertyOrdering:[string] default:Value',
  GoogleSearchRetrieval: 'dynamicRetrievalConfig:DynamicRetrievalConfig',
  DynamicRetrievalConfig: 'mode:#DynamicRetrievalConfig.Mode dynamicThreshold:float',
  CodeExecution: '',
  GoogleSearch: 'timeRangeFilter:Interval searchTypes:SearchTypes',
  Interval: 'startTime:Timestamp endTime:Timestamp',
  SearchTypes: 'webSearch:WebSearch imageSearch:ImageSearch',
  WebSearch: '',
  ImageSearch: '',
  ComputerUse:
    'environment:#ComputerUse.Environment excludedPredefinedFunctions:[string] enablePromptInjectionDetection:bool disabledSafetyPolicies:[#ComputerUse.SafetyPolicy]',
  UrlContext: '',
  FileSearch: 'fileSearchStoreNames:[string] topK:int32 metadataFilter:string',
  McpServer: 'name:string streamableHttpTransport:StreamableHttpTransport',
  StreamableHttpTransport:
    'url:string headers:{string} timeout:Duration sseReadTimeout:Duration terminateOnClose:bool',
  GoogleMaps: 'enableWidget:bool',
  ToolConfig:
    'functionCallingConfig:FunctionCallingConfig retrievalConfig:RetrievalConfig includeServerSideToolInvocations:bool',
  FunctionCallingConfig: 'mode:#FunctionCallingConfig.Mode allowedFunctionNames:[string]',
  RetrievalConfig: 'latLng:LatLng languageCode:string',
  LatLng: 'latitude:double longitude:double',
  SafetySetting: 'category:#HarmCategory threshold:#SafetySetting.HarmBlockThreshold',
  GenerationConfig:
    'candidateCount:int32 stopSequences:[string] maxOutputTokens:int32 temperature:float topP:float topK:int32 seed:int32 responseMimeType:string responseSchema:Schema _responseJsonSchema:Value responseJsonSchema:Value responseFormat:ResponseFormatConfig presencePenalty:float frequencyPenalty:float responseLogprobs:bool logprobs:int32 enableEnhancedCivicAnswers:bool responseModalities:[#GenerationConfig.Modality] speechConfig:SpeechConfig thinkingConfig:ThinkingConfig imageConfig:ImageConfig mediaResolution:#GenerationConfig.MediaResolution audioTranscriptionConfig:Struct enableAffectiveDialog:bool translationConfig:TranslationConfig',
  ResponseFormatConfig: 'text:TextFormat audio:Struct image:Struct video:Struct',
  TextFormat: 'mimeType:string schema:Value',
  SpeechConfig: 'voiceConfig:VoiceConfig multiSpeakerVoiceConfig:MultiSpeakerVoiceConfig languageCode:string',
  VoiceConfig: 'voice_config(prebuiltVoiceConfig:PrebuiltVoiceConfig) voice:string',
  PrebuiltVoiceConfig: 'voiceName:string',
  MultiSpeakerVoiceConfig: 'speakerVoiceConfigs:[SpeakerVoiceConfig]',
  SpeakerVoiceConfig: 'speaker:string voiceConfig:VoiceConfig',
  ThinkingConfig: 'includeThoughts:bool thinkingBudget:int32 thinkingLevel:#ThinkingConfig.ThinkingLevel',
  ImageConfig: 'aspectRatio:string imageSize:string',
  TranslationConfig: 'targetLanguageCode:string echoTargetLanguage:bool',
  CountTokensRequest: 'model:string contents:[Content] generateContentRequest:GenerateContentRequest',
  EmbedContentRequest:
    'model:string content:Content taskType:#TaskType title:string outputDimensionality:int32 embedContentConfig:EmbedContentConfig',
  EmbedContentConfig:
    'taskType:#TaskType title:string outputDimensionality:int32 autoTruncate:bool documentOcr:bool audioTrackExtraction:bool',
  BatchEmbedContentsRequest: 'model:string requests:[EmbedContentRequest]',
};

/** The message that a method of a model takes. */
export function messageOf(method: string): string {
  const name = method === 'streamGenerateContent' ? 'generateContent' : method;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Request`;
}

/** The values of each enum in the order of their numbers; a first word that ends in `_` begins every other. */
export const enumTable: Readonly<Record<string, string>> = {
  Type: 'TYPE_UNSPECIFIED STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL',
  HarmCategory:
    'HARM_CATEGORY_ UNSPECIFIED DEROGATORY TOXICITY VIOLENCE SEXUAL MEDICAL DANGEROUS HARASSMENT HATE_SPEECH SEXUALLY_EXPLICIT DANGEROUS_CONTENT CIVIC_INTEGRITY JAILBREAK',
  'SafetySetting.HarmBlockThreshold':
    'HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF',
  'FunctionCallingConfig.Mode': 'MODE_UNSPECIFIED AUTO ANY NONE VALIDATED',
  'FunctionDeclaration.Behavior': 'UNSPECIFIED BLOCKING NON_BLOCKING',
  'FunctionResponse.Scheduling': 'SCHEDULING_UNSPECIFIED SILENT WHEN_IDLE INTERRUPT',
  'ExecutableCode.Language': 'LANGUAGE_UNSPECIFIED PYTHON',
  'CodeExecutionResult.Outcome': 'OUTCOME_ UNSPECIFIED OK FAILED DEADLINE_EXCEEDED',
  ToolType:
    'TOOL_TYPE_UNSPECIFIED GOOGLE_SEARCH_WEB GOOGLE_SEARCH_IMAGE URL_CONTEXT GOOGLE_MAPS FILE_SEARCH MEDIA_PROCESSING',
  'MediaResolution.Level': 'MEDIA_RESOLUTION_ UNSPECIFIED LOW MEDIUM HIGH ULTRA_HIGH',
  'GenerationConfig.MediaResolution': 'MEDIA_RESOLUTION_ UNSPECIFIED LOW MEDIUM HIGH',
  'GenerationConfig.Modality': 'MODALITY_UNSPECIFIED TEXT IMAGE AUDIO VIDEO',
  'ThinkingConfig.ThinkingLevel': 'THINKING_LEVEL_UNSPECIFIED MINIMAL LOW MEDIUM HIGH XHIGH',
  'DynamicRetrievalConfig.Mode': 'MODE_UNSPECIFIED MODE_DYNAMIC',
  'ComputerUse.Environment': 'ENVIRONMENT_ UNSPECIFIED BROWSER MOBILE DESKTOP',
  'ComputerUse.SafetyPolicy':
    'SAFETY_POLICY_UNSPECIFIED FINANCIAL_TRANSACTIONS SENSITIVE_DATA_MODIFICATION COMMUNICATION_TOOL ACCOUNT_CREATION DATA_MODIFICATION USER_CONSENT_MANAGEMENT LEGAL_TERMS_AND_AGREEMENTS',
  MediaProcessing: 'MEDIA_PROCESSING_UNSPECIFIED STATIC AGENTIC',
  ServiceTier: 'UNSPECIFIED FLEX STANDARD PRIORITY',
  TaskType:
    'TASK_TYPE_UNSPECIFIED RETRIEVAL_QUERY RETRIEVAL_DOCUMENT SEMANTIC_SIMILARITY CLASSIFICATION CLUSTERING QUESTION_ANSWERING FACT_VERIFICATION CODE_RETRIEVAL_QUERY',
};
