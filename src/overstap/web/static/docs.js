// Shows the description of the API, from this server alone.
(function () {
  "use strict";
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#docs",
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    filter: true,
    validatorUrl: null,
    syntaxHighlight: false
  });
})();
