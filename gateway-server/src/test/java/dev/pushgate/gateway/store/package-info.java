/// The store's promises, kept on every database.
@NullMarked
package dev.pushgate.gateway.store;

import org.jspecify.annotations.NullMarked;
