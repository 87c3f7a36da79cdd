package dev.pushgate.gateway.app;

import dev.pushgate.auth.Secret;

/// The keys of the app `default`, which the first start made. Immutable.
public record FirstStart(Secret publishKey, Secret secretKey, Secret managementKey) {}
