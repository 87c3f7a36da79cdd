/// The store in a PostgreSQL database.
@NullMarked
package dev.pushgate.gateway.store.postgres;

import org.jspecify.annotations.NullMarked;
