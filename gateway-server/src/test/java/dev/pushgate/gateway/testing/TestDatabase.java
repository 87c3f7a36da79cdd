package dev.pushgate.gateway.testing;

import org.jspecify.annotations.Nullable;

/// How to reach a database made for one test class. Immutable.
///
/// @param url for JDBC
public record TestDatabase(String url, @Nullable String user, @Nullable String password) {}
