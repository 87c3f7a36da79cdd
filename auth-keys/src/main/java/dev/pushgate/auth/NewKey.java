package dev.pushgate.auth;

/// A key that was just made. Immutable.
///
/// @param text the key itself: to be shown to its owner once, for nobody keeps it
public record NewKey(ApiKey key, Secret text) {}
