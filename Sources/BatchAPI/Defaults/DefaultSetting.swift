extension Value {
    /// Sets a member unless it is there.
    mutating func setDefault(_ key: String, _ value: Value) {
        if self[key] == nil { self[key] = value }
    }

    /// Changes the member `key` if it is an object.
    mutating func update(_ key: String, _ change: (inout Value) -> Void) {
        guard var member = self[key], case .object = member else { return }
        self[key] = .null // Gives up the second reference, so that the member changes in place.
        change(&member)
        self[key] = member
    }

    /// Changes every object in the list `key`.
    mutating func updateEach(_ key: String, _ change: (inout Value) -> Void) {
        guard case .array(var elements)? = self[key] else { return }
        self[key] = .null
        for position in elements.indices where elements[position].object != nil { change(&elements[position]) }
        self[key] = .array(elements)
    }

    /// Writes the amounts of a map of quantities in their canonical form, as a server does.
    mutating func canonicalizeQuantities() {
        guard case .object(let members) = self else { return }
        self = .object(members.mapValues(\.canonicalQuantity))
    }

    /// A quantity in its canonical form; unreadable ones unchanged.
    var canonicalQuantity: Value {
        guard let quantity = try? Quantity(self) else { return self }
        return .string(quantity.text)
    }
}
