/// The store: streams, channels, apps and keys in an SQL database. All SQL is in these packages.
@NullMarked
package dev.pushgate.gateway.store;

import org.jspecify.annotations.NullMarked;
