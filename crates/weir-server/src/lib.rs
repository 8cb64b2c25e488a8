//! HTTP: routes, wire types, errors, OpenAPI
