package dev.pushgate.gateway.session;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.gateway.net.AddressGuard;

/// How a client is told from a stranger: when it comes, and as long as it stays. Thread-safe.
///
/// @param guard is told of failed authentications
public record Authentication(KeyDirectory keys, Authenticator authenticator, AddressGuard guard) {}
