/// The store in a SQLite file: the default, which needs no server.
@NullMarked
package dev.pushgate.gateway.store.sqlite;

import org.jspecify.annotations.NullMarked;
