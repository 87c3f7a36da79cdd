package dev.pushgate.auth;

/// A key that was just made. Immutable.
///
/// @param text the key itself: to be shown to its owner once, for nobody keeps it
/// @param isKnown whether this process takes the key already; if not, it does as soon as the store,
///     which went away behind the making, answers again
public record NewKey(ApiKey key, Secret text, boolean isKnown) {}
